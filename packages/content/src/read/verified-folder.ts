import { foldPath } from '@holdfast/manifest/safe-name';
import { blockKey } from '../dag/block-links.ts';
import type { ContentCid } from '../dag/link-cid.ts';
import { type DirectoryNode, invalid, readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { checkName } from './safe-name.ts';

/** A file of a DAG, found but not read. Its first block came with finding out what it is. */
export interface FoundFile {
  readonly path: string;
  readonly cid: ContentCid;
  readonly block: Uint8Array;
  readonly size: number;
}

export interface FolderLimits {
  readonly maxEntries: number;
  /** Of all files together, as their DAGs declare them. */
  readonly maxBytes: number;
}

type Get = (cid: ContentCid) => Promise<Uint8Array>;

const maxDepth = 1024;
/** A 64-bit hash is used up after 8 levels of 256. */
const maxShards = 8;

interface Pending {
  readonly path: string;
  readonly cid: ContentCid;
  block?: Promise<Uint8Array>;
}

/** Blocks asked for ahead: without it a folder of small files would cost one round trip after the other. */
const window = 16;

/** Walks the folders of a DAG, depth first, and gives the files. What is not `wanted` is not even looked at. */
export async function* folderFiles(
  root: { readonly cid: ContentCid; readonly block: Uint8Array },
  get: Get,
  limits: FolderLimits,
  wanted: (path: string) => boolean,
): AsyncGenerator<FoundFile, void> {
  let entries = 0;
  let bytes = 0;
  const pending: Pending[] = [{ path: '', cid: root.cid, block: Promise.resolve(root.block) }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, cid } = next;
    const block = await (next.block ?? get(cid));
    const node = readUnixFs(cid, block);
    if (node.kind !== 'directory') {
      const size = node.kind === 'leaf' ? node.bytes.length : node.size;
      bytes += size;
      if (bytes > limits.maxBytes) throw tooLarge('maxBytes', `${limits.maxBytes} bytes`, `${bytes}`);
      askAhead(pending, get);
      yield { path, cid, block, size };
      continue;
    }
    if (path.split('/').length > maxDepth) throw invalid(`folders at most ${maxDepth} deep`);
    const children = await listing(node, get, (count) => {
      if (entries + count > limits.maxEntries)
        throw tooLarge('maxEntries', `${limits.maxEntries} entries`, 'more');
    });
    entries += children.length;
    for (const child of children.toReversed()) {
      const below = path === '' ? child.name : `${path}/${child.name}`;
      if (wanted(below)) pending.push({ path: below, cid: child.cid });
    }
    askAhead(pending, get);
  }
}

/** Starts what will be popped next. */
function askAhead(pending: readonly Pending[], get: Get): void {
  for (const each of pending.slice(-window)) {
    if (each.block !== undefined) continue;
    each.block = get(each.cid);
    // It is awaited in its turn. If another fails first, its own failure goes unreported.
    each.block.catch(() => undefined);
  }
}

/** The entries of one folder, all shards of it, their names safe to write. */
async function listing(
  node: DirectoryNode,
  get: Get,
  count: (entries: number) => void,
): Promise<DirectoryNode['entries']> {
  const found: { name: string; cid: ContentCid }[] = [];
  const shards: { node: DirectoryNode; slots: number[] }[] = [{ node, slots: [] }];
  const seen = new Set<string>();
  for (let shard = shards.pop(); shard !== undefined; shard = shards.pop()) {
    found.push(...shard.node.entries);
    count(found.length);
    for (const { slot, cid } of shard.node.shards) {
      const slots = [...shard.slots, slot];
      // No two shards of one folder can hold the same names, so one block cannot be two of them.
      if (slots.length > maxShards || seen.has(blockKey(cid)))
        throw invalid('a HAMT without repeated shards');
      seen.add(blockKey(cid));
      const child = readUnixFs(cid, await get(cid), slots);
      if (child.kind !== 'directory' || !child.isShard) throw invalid('a HAMT shard below a HAMT shard');
      shards.push({ node: child, slots });
    }
  }
  const folded = new Map<string, string>();
  for (const { name } of found) {
    checkName(name);
    const other = folded.get(foldPath(name));
    if (other !== undefined) {
      throw new ContentError(
        'path-unsafe',
        `${JSON.stringify(other)} and ${JSON.stringify(name)} are one name on some file systems`,
      );
    }
    folded.set(foldPath(name), name);
  }
  return found;
}

function tooLarge(option: string, expected: string, got: string): ContentError {
  return new ContentError('too-large', `expected at most ${expected} (option "${option}"), got ${got}`);
}
