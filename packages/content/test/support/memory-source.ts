import { setImmediate } from 'node:timers/promises';
import { type BlockRequest, type BlockSource, carOf, type ProfileName, readCar } from '../../src/index.ts';

/** Blocks out of a map, given as they are: whether they are right is the reader's to find out. */
export class MemorySource implements BlockSource {
  readonly blocks: ReadonlyMap<string, Uint8Array>;
  /** CIDs in the order they were asked for. */
  readonly requests: string[] = [];

  constructor(blocks: ReadonlyMap<string, Uint8Array>) {
    this.blocks = blocks;
  }

  static async of(path: string, profile: ProfileName = 'unixfs-v1-2025'): Promise<MemorySource> {
    return new MemorySource(await blocksOf(path, profile));
  }

  async block(cid: string, { signal }: BlockRequest): Promise<Uint8Array> {
    this.requests.push(cid);
    await setImmediate();
    signal.throwIfAborted();
    const bytes = this.blocks.get(cid);
    if (bytes === undefined) throw new Error(`no block ${cid}`);
    return bytes;
  }
}

export async function blocksOf(
  path: string,
  profile: ProfileName = 'unixfs-v1-2025',
): Promise<Map<string, Uint8Array>> {
  const blocks = new Map<string, Uint8Array>();
  for await (const { cid, bytes } of readCar(carOf(path, { profile }))) blocks.set(cid, bytes);
  return blocks;
}
