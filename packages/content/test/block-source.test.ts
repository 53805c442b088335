import { describe, expect, it } from 'vitest';
import type { BlockSource } from '../src/index.ts';
import { readBlock, readVerified } from '../src/index.ts';
import { DagBuilder } from './support/dag.ts';
import { MemorySource } from './support/memory-source.ts';
import { noise } from './support/temp-folder.ts';

const dag = new DagBuilder();
const leaf = dag.raw('the content');
const chunks = [noise(1000, 1), noise(1000, 2), noise(500, 3)].map((bytes) => dag.raw(bytes));
const file = dag.file(chunks.map((cid, i) => [cid, i === 2 ? 500n : 1000n] as const));

describe('a source', () => {
  it('is not believed', async () => {
    const liar: BlockSource = { block: async () => new TextEncoder().encode('lies') };
    await expect(readBlock(leaf, liar)).rejects.toMatchObject({ code: 'block-mismatch', subject: leaf });
    await expect(readVerified(file, liar).next()).rejects.toMatchObject({ code: 'block-mismatch' });
  });

  it('is not believed about the later blocks of a file', async () => {
    const other = new Map([...dag.blocks, [chunks[1] as string, noise(1000, 9)]]);
    const reading = collect(readVerified(file, new MemorySource(other)));
    await expect(reading).rejects.toMatchObject({ code: 'block-mismatch', subject: chunks[1] });
  });

  it('hashes by itself where it says so', async () => {
    const verifying: BlockSource = {
      verifies: true,
      block: async () => new TextEncoder().encode('own word'),
    };
    expect(String(Buffer.from(await readBlock(leaf, verifying)))).toBe('own word');
  });

  it('gives no block above the limit, whoever hashes it', async () => {
    const source: BlockSource = { verifies: true, block: async () => new Uint8Array(11) };
    await expect(readBlock(leaf, source, { maxBlockBytes: 10 })).rejects.toMatchObject({
      code: 'block-too-large',
    });
  });

  it('is told the limit, and when the reader left', async () => {
    let request: { maxBytes: number; signal: AbortSignal } | undefined;
    const source: BlockSource = {
      block: async (cid, given) => {
        request = given;
        return dag.blocks.get(cid) as Uint8Array;
      },
    };
    await readVerified(file, source, { maxBlockBytes: 5000 }).next();
    expect(request?.maxBytes).toBe(5000);
    const reading = readVerified(file, source);
    await reading.next();
    expect(request?.signal.aborted).toBe(false);
    await reading.return();
    expect(request?.signal.aborted).toBe(true);
  });
});

describe('a session', () => {
  const asked: string[] = [];
  let closed = 0;
  const withSession = (blocks: ReadonlyMap<string, Uint8Array>): BlockSource => {
    const memory = new MemorySource(dag.blocks);
    return {
      block: (...args) => memory.block(...args),
      session: () => ({
        block: async (cid) => {
          asked.push(cid);
          return blocks.get(cid) as Uint8Array;
        },
        close: async () => void closed++,
      }),
    };
  };

  it('is asked for the blocks of a file in order, one at a time, and closed', async () => {
    const read = await collect(readVerified(file, withSession(dag.blocks)));
    expect(Buffer.concat(read)).toHaveLength(2500);
    expect(asked).toEqual(chunks);
    expect(closed).toBe(1);
  });

  it('is not believed, and closed after a lie', async () => {
    const lies = new Map([...dag.blocks, [chunks[2] as string, noise(500, 9)]]);
    const reading = collect(readVerified(file, withSession(lies)));
    await expect(reading).rejects.toMatchObject({ code: 'block-mismatch' });
    expect(closed).toBe(2);
  });

  it('is not opened for a file of one block', async () => {
    closed = 0;
    await collect(readVerified(leaf, withSession(new Map())));
    expect(closed).toBe(0);
  });
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}
