import { HashSlots, randomSeed } from './hash-slots.ts';

/** Which content was seen before, by its CID: for a million files, 32 MB. */
export class ContentSet {
  readonly #slots = new HashSlots();
  readonly #seed = randomSeed();

  /** True if the CID is new. */
  add(cid: string): boolean {
    let [a = 0, b = 0, c = 0] = this.#seed;
    for (let at = 0; at < cid.length; at++) {
      const unit = cid.charCodeAt(at);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ (unit + (a >>> 15)), 0x85ebca77);
      c = Math.imul(c ^ (unit + (b >>> 13)), 0xc2b2ae3d);
    }
    return this.#slots.put([a, b, c], 1) === 0;
  }
}
