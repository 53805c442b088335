import { encode, type PBNode } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { sameBytes } from '../bytes.ts';
import { ContentError } from '../error.ts';
import { decodeNode } from './block-links.ts';
import { type ContentCid, contentCid } from './link-cid.ts';
import { murmur3 } from './murmur3.ts';

/** What a block is in a UnixFS DAG, every claim of it checked that one block can be held to. */
export type UnixFsNode = LeafNode | FileNode | DirectoryNode;

export interface LeafNode {
  readonly kind: 'leaf';
  readonly bytes: Uint8Array;
}

export interface FileNode {
  readonly kind: 'file';
  readonly size: number;
  readonly children: readonly { readonly cid: ContentCid; readonly size: number }[];
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly entries: readonly { readonly name: string; readonly cid: ContentCid }[];
  /** The next level of a HAMT. */
  readonly shards: readonly { readonly slot: number; readonly cid: ContentCid }[];
  readonly isShard: boolean;
}

const fanout = 256;

/** `slots` are the HAMT slots on the way to this block, empty at a root. */
export function readUnixFs(cid: ContentCid, block: Uint8Array, slots: readonly number[] = []): UnixFsNode {
  if (cid.codec === 'raw') return { kind: 'leaf', bytes: block };
  const node = decodeNode(block);
  if (node.Data === undefined) throw invalid('a UnixFS message, got none');
  const data = unmarshal(node.Data);
  switch (data.type) {
    case 'raw':
    case 'file':
      return fileNode(node, data);
    case 'directory':
      return { kind: 'directory', entries: entries(node, block), shards: [], isShard: false };
    case 'hamt-sharded-directory':
      return shardNode(node, data, block, slots);
    default:
      throw invalid(`a file or a folder, got a ${data.type}`);
  }
}

function unmarshal(data: Uint8Array): UnixFS {
  try {
    return UnixFS.unmarshal(data);
  } catch (cause) {
    throw new ContentError('dag-invalid', `expected a UnixFS message: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function fileNode(node: PBNode, data: UnixFS): LeafNode | FileNode {
  const bytes = data.data ?? new Uint8Array();
  if (node.Links.length === 0) {
    if (data.blockSizes.length > 0) throw invalid('no block sizes where there are no links');
    return { kind: 'leaf', bytes };
  }
  if (bytes.length > 0) throw invalid('bytes in the leaves only, got some in an inner node');
  if (data.blockSizes.length !== node.Links.length) {
    throw invalid(`${node.Links.length} block sizes, one a link, got ${data.blockSizes.length}`);
  }
  const children = node.Links.map((link, i) => ({
    cid: contentCid(link.Hash),
    size: Number(data.blockSizes[i]),
  }));
  const size = children.reduce((sum, child) => sum + child.size, 0);
  if (!Number.isSafeInteger(size)) throw invalid(`a file below 2^53 bytes, got ${size}`);
  return { kind: 'file', size, children };
}

function entries(node: PBNode, block: Uint8Array): DirectoryNode['entries'] {
  const found = node.Links.map((link) => ({ name: link.Name ?? '', cid: contentCid(link.Hash) }));
  // Bytes that are not UTF-8 were read as U+FFFD; only a name that really has it comes back to the same block.
  if (found.some(({ name }) => name.includes('\uFFFD')) && !sameBytes(encode(node), block)) {
    throw invalid('names in UTF-8');
  }
  return found;
}

function shardNode(node: PBNode, data: UnixFS, block: Uint8Array, slots: readonly number[]): DirectoryNode {
  // The hash function is not looked at: a name under another one would not be in the slot of its murmur3 hash.
  if (data.fanout !== BigInt(fanout)) throw invalid(`a HAMT of fanout ${fanout}, got ${data.fanout}`);
  const listed = entries(node, block);
  checkBitfield(
    data.data ?? new Uint8Array(),
    listed.map(({ name }) => slotOf(name)),
  );
  const values: { name: string; cid: ContentCid }[] = [];
  const shards: { slot: number; cid: ContentCid }[] = [];
  for (const { name, cid } of listed) {
    const slot = slotOf(name);
    if (name.length === 2) shards.push({ slot, cid });
    else values.push({ name: hashedName(name.slice(2), [...slots, slot]), cid });
  }
  return { kind: 'directory', entries: values, shards, isShard: true };
}

function slotOf(name: string): number {
  if (!/^[0-9A-F]{2}/.test(name))
    throw invalid(`HAMT names that begin with their slot, got ${JSON.stringify(name)}`);
  return Number.parseInt(name.slice(0, 2), 16);
}

/** A name in a slot where its hash does not lead would be listed and never found. */
function hashedName(name: string, slots: readonly number[]): string {
  const hash = murmur3(new TextEncoder().encode(name));
  if (slots.some((slot, depth) => hash[depth] !== slot))
    throw invalid(`${JSON.stringify(name)} in the slot of its hash`);
  return name;
}

function checkBitfield(bitfield: Uint8Array, slots: readonly number[]): void {
  if (bitfield.length > fanout / 8)
    throw invalid(`a bitfield of ${fanout / 8} bytes, got ${bitfield.length}`);
  const wanted = new Uint8Array(bitfield.length);
  let before = -1;
  for (const slot of slots) {
    const at = wanted.length - 1 - (slot >> 3);
    if (slot <= before || at < 0) throw invalid('HAMT links in the order of their bitfield');
    wanted[at] = (wanted[at] ?? 0) | (1 << (slot & 7));
    before = slot;
  }
  if (!sameBytes(wanted, bitfield)) throw invalid('a bitfield that says which slots are taken');
}

export function invalid(expected: string): ContentError {
  return new ContentError('dag-invalid', `the DAG is not valid UnixFS: expected ${expected}`);
}
