import { foldPath } from '../manifest/file-path.ts';

export interface PathClash {
  /** The line of the other path. */
  readonly line: number;
  /** The same path when case is ignored, or a path that is a file here and a folder there. */
  readonly kind: 'one-path' | 'file-and-folder';
}

const lanes = 3;
const slotLength = lanes + 1;

/**
 * Which paths a list had before, where case is ignored. It keeps 96 bits of a hash for each file and folder in place
 * of the path: 16 bytes a path, however long. That two of a million paths share them by chance has
 * odds of 1 to 10^17, and would refuse the list, never let one through.
 */
export class PathIndex {
  #slots = new Uint32Array(1024 * slotLength);
  #used = 0;
  #last = '';
  /** The author of a list does not know it, so nobody can make a list whose paths all collide. */
  readonly #seed: Uint32Array;

  constructor(seed: Uint32Array = crypto.getRandomValues(new Uint32Array(lanes))) {
    this.#seed = seed;
  }

  /** Adds a file and its new folders. Paths come in byte order; a clash is with an earlier line. */
  add(path: string, line: number): PathClash | undefined {
    const folded = foldPath(path);
    const opened = sharedFolder(this.#last, path);
    this.#last = path;
    let clash: PathClash | undefined;
    let [a = 0, b = 0, c = 0] = this.#seed;
    for (let at = 0; at < folded.length; at++) {
      const unit = folded.charCodeAt(at);
      if (unit === 0x2f && (at > opened || folded.length !== path.length))
        clash ??= this.#put(a, b, c, line, true);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ (unit + (a >>> 15)), 0x85ebca77);
      c = Math.imul(c ^ (unit + (b >>> 13)), 0xc2b2ae3d);
    }
    return this.#put(a, b, c, line, false) ?? clash;
  }

  #put(a: number, b: number, c: number, line: number, isFolder: boolean): PathClash | undefined {
    if (this.#used * 2 * slotLength >= this.#slots.length) this.#grow();
    const key: Key = [scatter(a ^ (c >>> 7)), scatter(b ^ (a >>> 9)), scatter(c ^ (b >>> 11))];
    const slot = find(this.#slots, key);
    const found = this.#slots[slot + lanes] as number;
    if (found === 0) {
      write(this.#slots, slot, key, line * 2 + (isFolder ? 1 : 0));
      this.#used++;
      return undefined;
    }
    const wasFolder = (found & 1) === 1;
    // A folder with two spellings is one folder; only its entries can clash.
    if (isFolder && wasFolder) return undefined;
    return { line: found >>> 1, kind: isFolder === wasFolder ? 'one-path' : 'file-and-folder' };
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += slotLength) {
      const entry = before[at + lanes] as number;
      if (entry === 0) continue;
      const key: Key = [before[at] as number, before[at + 1] as number, before[at + 2] as number];
      write(this.#slots, find(this.#slots, key), key, entry);
    }
  }
}

type Key = readonly [number, number, number];

function find(slots: Uint32Array, [a, b, c]: Key): number {
  const mask = slots.length / slotLength - 1;
  let slot = (a & mask) * slotLength;
  while (slots[slot + lanes] !== 0 && !(slots[slot] === a && slots[slot + 1] === b && slots[slot + 2] === c))
    slot = slot + slotLength === slots.length ? 0 : slot + slotLength;
  return slot;
}

function write(slots: Uint32Array, slot: number, [a, b, c]: Key, entry: number): void {
  slots[slot] = a;
  slots[slot + 1] = b;
  slots[slot + 2] = c;
  slots[slot + lanes] = entry;
}

/** The end of the last folder that two paths share. */
function sharedFolder(before: string, path: string): number {
  let end = -1;
  const length = Math.min(before.length, path.length);
  for (let at = 0; at < length; at++) {
    const unit = path.charCodeAt(at);
    if (unit !== before.charCodeAt(at)) break;
    if (unit === 0x2f) end = at;
  }
  return end;
}

function scatter(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
