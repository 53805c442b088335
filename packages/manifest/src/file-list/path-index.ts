import { foldPath } from '../manifest/file-path.ts';
import { HashSlots, randomSeed } from './hash-slots.ts';

export interface PathClash {
  /** The line of the other path. */
  readonly line: number;
  /** The same path when case is ignored, or a path that is a file here and a folder there. */
  readonly kind: 'one-path' | 'file-and-folder';
}

/**
 * Which paths a list had before, where case is ignored. It keeps 96 bits of a hash for each file and folder in place
 * of the path: 16 bytes a path, however long. That two of a million paths share them by chance has
 * odds of 1 to 10^17, and would refuse the list, never let one through.
 */
export class PathIndex {
  readonly #slots = new HashSlots();
  #last = '';
  readonly #seed: Uint32Array;

  constructor(seed = randomSeed()) {
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
    const found = this.#slots.put([a, b, c], line * 2 + (isFolder ? 1 : 0));
    if (found === 0) return undefined;
    const wasFolder = (found & 1) === 1;
    // A folder with two spellings is one folder; only its entries can clash.
    if (isFolder && wasFolder) return undefined;
    return { line: found >>> 1, kind: isFolder === wasFolder ? 'one-path' : 'file-and-folder' };
  }
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
