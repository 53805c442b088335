import type { ImportProfile } from '../profile.ts';
import { dataLength, type Link, linkLength } from './dag-node.ts';
import { type Codec, type ContentCid, linkCid } from './link-cid.ts';
import { murmur3Into } from './murmur3.ts';

const digestLength = 32;
const utf8 = new TextEncoder();

/** The UnixFS message of a plain folder: its type, and nothing else. */
export const folderData = Uint8Array.of(0x08, 0x01);

/**
 * The links of one folder, packed into a few buffers: a folder of a million files takes a tenth of the memory that
 * objects would. A table is cleared and used again for the next folder of its depth.
 */
export class LinkTable {
  readonly #profile: ImportProfile;
  #count = 0;
  #estimate = 0;
  #names = new Uint8Array(256);
  #nameEnds = new Uint32Array(8);
  #digests = new Uint8Array(8 * digestLength);
  #raw = new Uint8Array(8);
  #sizes = new Float64Array(8);

  constructor(profile: ImportProfile) {
    this.#profile = profile;
  }

  get count(): number {
    return this.#count;
  }

  /** What the profile takes for the size of this folder as one node. */
  get estimate(): number {
    return this.#profile.hamtEstimate === 'links'
      ? this.#estimate
      : this.#estimate + dataLength(folderData.length);
  }

  clear(): void {
    this.#count = 0;
    this.#estimate = 0;
  }

  add(name: string, { codec, digest }: ContentCid, tsize: number): void {
    this.#grow(name.length);
    const start = this.#start(this.#count);
    const { written } = utf8.encodeInto(name, this.#names.subarray(start));
    const index = this.#count++;
    this.#nameEnds[index] = start + written;
    this.#digests.set(digest, index * digestLength);
    this.#raw[index] = codec === 'raw' ? 1 : 0;
    this.#sizes[index] = tsize;
    const cidLength = this.#profile.cidVersion === 0 && codec === 'dag-pb' ? 34 : 36;
    this.#estimate +=
      this.#profile.hamtEstimate === 'links' ? written + cidLength : linkLength(cidLength, written, tsize);
  }

  /** The bytes of a name; they change when the table is cleared or grows. */
  name(index: number): Uint8Array {
    return this.#names.subarray(this.#start(index), this.#nameEnds[index]);
  }

  link(index: number, prefix?: Uint8Array): Link {
    const codec: Codec = this.#raw[index] === 1 ? 'raw' : 'dag-pb';
    const digest = this.#digests.subarray(index * digestLength, (index + 1) * digestLength);
    const cid = linkCid(codec, digest, this.#profile);
    const tsize = this.#sizes[index] ?? 0;
    const own = this.name(index);
    if (prefix === undefined) return { name: own, cid, tsize };
    const name = new Uint8Array(prefix.length + own.length);
    name.set(prefix);
    name.set(own, prefix.length);
    return { name, cid, tsize };
  }

  /** The indices in byte order of the names, which a plain folder's links stand in. */
  byName(): number[] {
    const order = Array.from({ length: this.#count }, (_, index) => index);
    // The paths came in order, so only a folder beside a name that continues its own is out of place.
    return order.sort((a, b) => this.compareNames(a, b));
  }

  compareNames(a: number, b: number): number {
    const [left, right] = [this.name(a), this.name(b)];
    const length = Math.min(left.length, right.length);
    for (let i = 0; i < length; i++) {
      const difference = (left[i] ?? 0) - (right[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return left.length - right.length;
  }

  /** The hash of each name, high and low half in turn: where it goes in a HAMT. */
  hashes(): Uint32Array {
    const hashes = new Uint32Array(2 * this.#count);
    for (let index = 0; index < this.#count; index++) murmur3Into(this.name(index), hashes, 2 * index);
    return hashes;
  }

  #start(index: number): number {
    return index === 0 ? 0 : (this.#nameEnds[index - 1] ?? 0);
  }

  #grow(nameLength: number): void {
    // A UTF-16 unit is at most three bytes.
    const bytes = this.#start(this.#count) + 3 * nameLength;
    if (bytes > this.#names.length)
      this.#names = larger(this.#names, Math.max(bytes, 2 * this.#names.length));
    if (this.#count < this.#raw.length) return;
    const capacity = 2 * this.#raw.length;
    this.#raw = larger(this.#raw, capacity);
    this.#digests = larger(this.#digests, capacity * digestLength);
    const [ends, sizes] = [new Uint32Array(capacity), new Float64Array(capacity)];
    ends.set(this.#nameEnds);
    sizes.set(this.#sizes);
    this.#nameEnds = ends;
    this.#sizes = sizes;
  }
}

function larger(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length);
  grown.set(bytes);
  return grown;
}
