import type { ContentCid } from '../dag/link-cid.ts';
import { murmur3 } from '../dag/murmur3.ts';
import { invalid, readUnixFs, type UnixFsNode } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';

export type GetBlock = (cid: ContentCid) => Promise<Uint8Array>;

/** A 64-bit hash is used up after 8 levels of 256. */
const maxShards = 8;

export interface FoundBlock {
  readonly cid: ContentCid;
  readonly block: Uint8Array;
}

/** What is at a path below a root. Of a folder of a million entries it reads the blocks on the way and no others. */
export async function findPath(
  root: ContentCid,
  segments: readonly string[],
  get: GetBlock,
): Promise<FoundBlock> {
  let at: FoundBlock = { cid: root, block: await get(root) };
  for (const [depth, name] of segments.entries()) {
    const child = await childOf(at, name, get);
    if (child === undefined)
      throw new ContentError(
        'path-missing',
        `there is no ${JSON.stringify(segments.slice(0, depth + 1).join('/'))}`,
        {
          subject: name,
        },
      );
    at = { cid: child, block: await get(child) };
  }
  return at;
}

async function childOf(
  { cid, block }: FoundBlock,
  name: string,
  get: GetBlock,
): Promise<ContentCid | undefined> {
  const hash = murmur3(new TextEncoder().encode(name));
  const slots: number[] = [];
  for (let at = { cid, block }; ; ) {
    const node = nodeOf(at, slots);
    if (node.kind !== 'directory') {
      // The root of a path may be a file; a level of a HAMT may not.
      if (slots.length > 0) throw invalid('a level of a HAMT, got a file');
      return undefined;
    }
    const entry = node.entries.find((each) => each.name === name);
    if (entry !== undefined) return entry.cid;
    const slot = hash[slots.length] ?? 0;
    const shard = node.shards.find((each) => each.slot === slot);
    if (shard === undefined) return undefined;
    if (slots.length >= maxShards) throw invalid(`a HAMT of at most ${maxShards} levels`);
    slots.push(slot);
    at = { cid: shard.cid, block: await get(shard.cid) };
  }
}

/** A folder of a thousand entries takes milliseconds to read, and whoever keeps its block asks for the next file. */
const known = new WeakMap<Uint8Array, UnixFsNode>();

function nodeOf({ cid, block }: FoundBlock, slots: readonly number[]): UnixFsNode {
  // What a level of a HAMT may hold depends on where it is.
  if (slots.length > 0) return readUnixFs(cid, block, slots);
  const node = known.get(block) ?? readUnixFs(cid, block);
  known.set(block, node);
  return node;
}
