import type { ContentCid } from '../dag/link-cid.ts';
import { murmur3 } from '../dag/murmur3.ts';
import { invalid, readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import type { BlockReader } from './block-reader.ts';

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
  reader: BlockReader,
): Promise<FoundBlock> {
  let at: FoundBlock = { cid: root, block: await reader.block(root) };
  for (const [depth, name] of segments.entries()) {
    const child = await childOf(at, name, reader);
    if (child === undefined)
      throw new ContentError(
        'path-missing',
        `there is no ${JSON.stringify(segments.slice(0, depth + 1).join('/'))}`,
        {
          subject: name,
        },
      );
    at = { cid: child, block: await reader.block(child) };
  }
  return at;
}

async function childOf(
  { cid, block }: FoundBlock,
  name: string,
  reader: BlockReader,
): Promise<ContentCid | undefined> {
  const hash = murmur3(new TextEncoder().encode(name));
  const slots: number[] = [];
  for (let at = { cid, block }; ; ) {
    const node = readUnixFs(at.cid, at.block, slots);
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
    at = { cid: shard.cid, block: await reader.block(shard.cid) };
  }
}
