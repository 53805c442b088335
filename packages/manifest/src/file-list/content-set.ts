import { type HashKey, HashSlots, randomSeed } from './hash-slots.ts';
import type { Files } from './list-difference.ts';

/** Content by its CID: for a million files, 32 MB. */
export class ContentSet {
  readonly #slots = new HashSlots();
  readonly #seed = randomSeed();

  /** True if the CID is new. */
  add(cid: string): boolean {
    return this.#slots.put(this.#hash(cid), 1) === 0;
  }

  has(cid: string): boolean {
    return this.#slots.get(this.#hash(cid)) !== 0;
  }

  async addFiles(files: Files): Promise<void> {
    for await (const { cid } of files) this.add(cid);
  }

  #hash(cid: string): HashKey {
    let [a = 0, b = 0, c = 0] = this.#seed;
    for (let at = 0; at < cid.length; at++) {
      const unit = cid.charCodeAt(at);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ (unit + (a >>> 15)), 0x85ebca77);
      c = Math.imul(c ^ (unit + (b >>> 13)), 0xc2b2ae3d);
    }
    return [a, b, c];
  }
}
