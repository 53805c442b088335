import { sha256 } from '@holdfast/manifest/sha256';
import { byteOrder } from '../dag/byte-order.ts';
import { stampWords } from './hash-protocol.ts';

/** What files hashed to, packed: objects for a million files would take longer to read than the files to look at. */
export interface RememberedFiles {
  /** In byte order, a zero between two. */
  readonly paths: Buffer;
  readonly count: number;
  /** What each file was known by, `stampWords` words a file; the first is `unknown` where nothing is remembered. */
  readonly stamps: BigInt64Array<ArrayBuffer>;
  /** 32 bytes a file. */
  readonly sha256: Uint8Array<ArrayBuffer>;
  /** The digests of the leaves, by the index of the file, where a file is more than one raw leaf. */
  readonly leaves: ReadonlyMap<number, Uint8Array>;
}

/** No file has this size. */
export const unknown = -1n;

const checksumLength = 32;
const headLength = checksumLength + 16;
/** Changes with the form. Another one is read as nothing, as is one written on a machine of the other byte order. */
const version = 1;
const separator = '\0';

/** The bytes of a cache file: a checksum, four lengths, and the columns one after the other. */
export function encodeRemembered(files: RememberedFiles): Uint8Array {
  const { paths, count, stamps, sha256: digests, leaves } = files;
  const index = new Uint32Array(2 * leaves.size);
  let leafBytes = 0;
  [...leaves].forEach(([file, { length }], i) => {
    index.set([file, length], 2 * i);
    leafBytes += length;
  });
  const columns = [viewOf(stamps), digests, viewOf(index)];
  const bytes = new Uint8Array(
    headLength + columns.reduce((sum, { length }) => sum + length, 0) + leafBytes + paths.length,
  );
  let at = checksumLength;
  const put = (column: Uint8Array): void => {
    bytes.set(column, at);
    at += column.length;
  };
  put(viewOf(Uint32Array.of(version, count, leaves.size, leafBytes)));
  for (const column of columns) put(column);
  for (const column of leaves.values()) put(column);
  put(paths);
  bytes.set(sha256(bytes.subarray(checksumLength)));
  return bytes;
}

/** What `encodeRemembered` made, or why it is not that. */
export function decodeRemembered(bytes: Uint8Array): RememberedFiles | { readonly fault: string } {
  if (bytes.length < headLength)
    return { fault: `expected at least ${headLength} bytes, got ${bytes.length}` };
  if (Buffer.compare(sha256(bytes.subarray(checksumLength)), bytes.subarray(0, checksumLength)) !== 0)
    return { fault: 'its checksum does not match' };
  let at = checksumLength;
  // A copy: the slice of a Buffer is a view, and words must be aligned.
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    at += length;
    return new Uint8Array(bytes.subarray(at - length, at));
  };
  const [form, count, leafFiles, leafBytes] = new Uint32Array(take(16).buffer) as unknown as number[];
  if (form !== version) return { fault: `expected form ${version}, got ${form}` };
  const stamps = new BigInt64Array(take(8 * stampWords * (count as number)).buffer);
  const digests = take(32 * (count as number));
  const index = new Uint32Array(take(8 * (leafFiles as number)).buffer);
  const all = take(leafBytes as number);
  const leaves = new Map<number, Uint8Array>();
  for (let i = 0, from = 0; i < index.length; i += 2) {
    const length = index[i + 1] as number;
    leaves.set(index[i] as number, all.subarray(from, from + length));
    from += length;
  }
  return {
    paths: Buffer.from(take(bytes.length - at)),
    count: count as number,
    stamps,
    sha256: digests,
    leaves,
  };
}

/** The remembered files in the order of `paths`: both are in byte order. */
export function alignRemembered(remembered: RememberedFiles, paths: readonly string[]): RememberedFiles {
  const names = Buffer.from(paths.join(separator));
  // The common case: files changed, and none came or went.
  if (remembered.count === paths.length && remembered.paths.equals(names)) return remembered;
  const former = remembered.count === 0 ? [] : remembered.paths.toString().split(separator);
  const stamps = new BigInt64Array(stampWords * paths.length);
  const digests = new Uint8Array(32 * paths.length);
  const leaves = new Map<number, Uint8Array>();
  let at = 0;
  for (const [i, path] of paths.entries()) {
    while (at < former.length && byteOrder(former[at] as string, path) < 0) at += 1;
    if (former[at] !== path) {
      stamps[stampWords * i] = unknown;
      continue;
    }
    stamps.set(remembered.stamps.subarray(stampWords * at, stampWords * (at + 1)), stampWords * i);
    digests.set(remembered.sha256.subarray(32 * at, 32 * (at + 1)), 32 * i);
    const own = remembered.leaves.get(at);
    if (own !== undefined) leaves.set(i, own);
  }
  return { paths: names, count: paths.length, stamps, sha256: digests, leaves };
}

function viewOf(words: BigInt64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
