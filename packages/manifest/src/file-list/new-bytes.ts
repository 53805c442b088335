import type { DatasetFile } from '../manifest/manifest.ts';
import { ContentSet } from './content-set.ts';
import type { Files } from './list-difference.ts';

type Sized = Pick<DatasetFile, 'cid' | 'size'>;

/** Counts the bytes of files whose content was not there before: equal content is the same blocks. */
export class NewBytes {
  readonly #seen = new ContentSet();
  #bytes = 0;

  /** Files whose content is there already. */
  async know(files: Files): Promise<void> {
    for await (const { cid } of files) this.#seen.add(cid);
  }

  add({ cid, size }: Sized): void {
    if (this.#seen.add(cid)) this.#bytes += size;
  }

  get bytes(): number {
    return this.#bytes;
  }
}
