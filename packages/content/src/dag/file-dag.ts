import type { ImportProfile } from '../profile.ts';
import { dataLength, encodeNode, type Link } from './dag-node.ts';
import type { DirectoryPort } from './directory.ts';
import { type Codec, type ContentCid, linkCid } from './link-cid.ts';
import { varintLength, writeVarint } from './varint.ts';

interface Subtree {
  readonly codec: Codec;
  readonly digest: Uint8Array;
  /** Bytes of the file below here, and bytes of the blocks. */
  readonly size: number;
  readonly dagSize: number;
}

export interface BuiltFile {
  readonly cid: ContentCid;
  readonly dagSize: number;
}

const noName = new Uint8Array();

/** Joins the digests of a file's leaves, 32 bytes each, into its balanced DAG. */
export function buildFile(
  size: number,
  leaves: Uint8Array,
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltFile {
  if (profile.rawLeaves && leaves.length === 32)
    return { cid: { codec: 'raw', digest: leaves }, dagSize: size };
  let level = leafLevel(size, leaves, profile);
  while (level.length > 1) {
    const parents: Subtree[] = [];
    for (let at = 0; at < level.length; at += profile.fileLinks) {
      parents.push(parent(level.slice(at, at + profile.fileLinks), profile, port));
    }
    level = parents;
  }
  const [{ codec, digest, dagSize }] = level as [Subtree];
  return { cid: { codec, digest }, dagSize };
}

function leafLevel(size: number, leaves: Uint8Array, profile: ImportProfile): Subtree[] {
  const codec = profile.rawLeaves ? 'raw' : 'dag-pb';
  return Array.from({ length: leaves.length / 32 }, (_, i) => {
    const length = Math.min(profile.chunkSize, size - i * profile.chunkSize);
    const digest = leaves.subarray(i * 32, (i + 1) * 32);
    return { codec, digest, size: length, dagSize: leafBlockSize(length, profile) };
  });
}

/** The length of the block that holds `size` bytes of a file. */
export function leafBlockSize(size: number, profile: ImportProfile): number {
  if (profile.rawLeaves) return size;
  const data = size === 0 ? 0 : dataLength(size);
  return dataLength(2 + data + 1 + varintLength(size));
}

function parent(children: readonly Subtree[], profile: ImportProfile, port: DirectoryPort): Subtree {
  const links = children.map(({ codec, digest, dagSize }): Link => {
    return { name: noName, cid: linkCid(codec, digest, profile), tsize: dagSize };
  });
  const sizes = children.map(({ size }) => size);
  const size = sizes.reduce((sum, each) => sum + each, 0);
  const bytes = encodeNode(links, fileMessage(size, sizes));
  const digest = port.sha256(bytes);
  port.emit?.({ digest, bytes });
  const dagSize = children.reduce((sum, child) => sum + child.dagSize, bytes.length);
  return { codec: 'dag-pb', digest, size, dagSize };
}

/** The UnixFS message of an inner file node: type, filesize, and the size under each link (proto2, unpacked). */
function fileMessage(size: number, blockSizes: readonly number[]): Uint8Array {
  const length = blockSizes.reduce((sum, each) => sum + 1 + varintLength(each), 2 + 1 + varintLength(size));
  const message = new Uint8Array(length);
  message.set([0x08, 0x02, 0x18]);
  let at = writeVarint(message, 3, size);
  for (const each of blockSizes) {
    message[at++] = 0x20;
    at = writeVarint(message, at, each);
  }
  return message;
}

/** The block around `chunk` where leaves are not raw: a node without links whose UnixFS message holds the bytes. */
export function wrapLeaf(chunk: Uint8Array): Uint8Array {
  const head = chunk.length === 0 ? 2 : 2 + 1 + varintLength(chunk.length);
  const message = new Uint8Array(head + chunk.length + 1 + varintLength(chunk.length));
  message.set([0x08, 0x02]);
  if (chunk.length > 0) {
    message[2] = 0x12;
    message.set(chunk, writeVarint(message, 3, chunk.length));
  }
  message[head + chunk.length] = 0x18;
  writeVarint(message, head + chunk.length + 1, chunk.length);
  return encodeNode([], message);
}
