const lanes = 3;
const slotLength = lanes + 1;

export type HashKey = readonly [number, number, number];

/** A table from 96 bits of a hash to a number other than 0: 16 bytes an entry, in place of a string and an object each. */
export class HashSlots {
  // Most datasets are small, and each change of ten thousand has its own.
  #slots = new Uint32Array(64 * slotLength);
  #used = 0;

  /** The number that was there before; 0 if there was none, and the entry is kept now. */
  put(hash: HashKey, entry: number): number {
    if (this.#used * 2 * slotLength >= this.#slots.length) this.#grow();
    const key = scattered(hash);
    const slot = find(this.#slots, key);
    const found = this.#slots[slot + lanes] as number;
    if (found !== 0) return found;
    write(this.#slots, slot, key, entry);
    this.#used++;
    return 0;
  }

  /** 0 if there is none. */
  get(hash: HashKey): number {
    return this.#slots[find(this.#slots, scattered(hash)) + lanes] as number;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += slotLength) {
      const entry = before[at + lanes] as number;
      if (entry === 0) continue;
      const key: HashKey = [before[at] as number, before[at + 1] as number, before[at + 2] as number];
      write(this.#slots, find(this.#slots, key), key, entry);
    }
  }
}

/**
 * The author of a text does not know it, so nobody can make many texts with one hash. `crypto` would be no better here, and
 * to load it takes Node longer than to judge a manifest.
 */
export function randomSeed(): Uint32Array {
  return Uint32Array.from({ length: lanes }, () => Math.floor(Math.random() * 2 ** 32));
}

function scattered([a, b, c]: HashKey): HashKey {
  return [scatter(a ^ (c >>> 7)), scatter(b ^ (a >>> 9)), scatter(c ^ (b >>> 11))];
}

function find(slots: Uint32Array, [a, b, c]: HashKey): number {
  const mask = slots.length / slotLength - 1;
  let slot = (a & mask) * slotLength;
  while (slots[slot + lanes] !== 0 && !(slots[slot] === a && slots[slot + 1] === b && slots[slot + 2] === c))
    slot = slot + slotLength === slots.length ? 0 : slot + slotLength;
  return slot;
}

function write(slots: Uint32Array, slot: number, [a, b, c]: HashKey, entry: number): void {
  slots[slot] = a;
  slots[slot + 1] = b;
  slots[slot + 2] = c;
  slots[slot + lanes] = entry;
}

function scatter(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
