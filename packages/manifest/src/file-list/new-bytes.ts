import type { DatasetFile } from '../manifest/manifest.ts';
import { ContentSet } from './content-set.ts';

type Sized = Pick<DatasetFile, 'cid' | 'size'>;

/** Counts the bytes of files whose content is not there yet: equal content is the same blocks. */
export class NewBytes {
  readonly #there: ContentSet;
  readonly #seen = new ContentSet();
  #bytes = 0;

  constructor(there = new ContentSet()) {
    this.#there = there;
  }

  add({ cid, size }: Sized): void {
    if (!this.#there.has(cid) && this.#seen.add(cid)) this.#bytes += size;
  }

  get bytes(): number {
    return this.#bytes;
  }
}
