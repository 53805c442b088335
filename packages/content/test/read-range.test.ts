import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFile, readVerified } from '../src/index.ts';
import { DagBuilder } from './support/dag.ts';
import { MemorySource } from './support/memory-source.ts';
import { noise } from './support/temp-folder.ts';

const dag = new DagBuilder();
const parts = Array.from({ length: 9 }, (_, i) => noise(100 + i * 10, i + 1));
const content = Buffer.concat(parts);
const inner = [0, 3, 6].map((from) => {
  const leaves = parts.slice(from, from + 3).map((bytes) => [dag.raw(bytes), BigInt(bytes.length)] as const);
  return [dag.file(leaves), leaves.reduce((sum, [, size]) => sum + size, 0n)] as const;
});
const cid = dag.file(inner);
const source = (): MemorySource => new MemorySource(dag.blocks);

async function read(offset?: number, length?: number, from = source()): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readVerified(cid, from, { offset, length })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a range', () => {
  it('is what the whole file has there', async () => {
    const position = fc.nat(content.length + 50);
    await fc.assert(
      fc.asyncProperty(position, fc.option(position, { nil: undefined }), async (offset, length) => {
        const end = length === undefined ? undefined : offset + length;
        expect((await read(offset, length)).equals(content.subarray(offset, end))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('costs its blocks and those above', async () => {
    const from = source();
    await read(0, 1, from);
    expect(from.requests).toHaveLength(3);
    const last = source();
    await read(content.length - 1, 1, last);
    expect(last.requests).toHaveLength(3);
    const none = source();
    expect(await read(content.length, 10, none)).toHaveLength(0);
    expect(none.requests).toEqual([cid]);
  });

  it('is bounded by itself, not by the file', async () => {
    const options = { offset: 5, length: 10, maxBytes: 10 };
    expect(await readVerified(cid, source(), options).next()).toMatchObject({ done: false });
    const more = readVerified(cid, source(), { ...options, length: 11 });
    await expect(more.next()).rejects.toMatchObject({ code: 'too-large' });
  });

  it('is refused where it is not a number', async () => {
    await expect(read(-1)).rejects.toThrow('"offset" expected a number from 0, got -1');
    await expect(read(0, Number.NaN)).rejects.toThrow('"length" expected a number from 0, got NaN');
  });
});

describe('an open file', () => {
  it('slices as an ArrayBuffer does', async () => {
    const file = await openFile(cid, source());
    const buffer = new Uint8Array(content).buffer;
    expect(file.byteLength).toBe(content.length);
    const position = fc.integer({ min: -1500, max: 1500 });
    await fc.assert(
      fc.asyncProperty(position, fc.option(position, { nil: undefined }), async (start, end) => {
        const expected = Buffer.from(buffer.slice(start, end));
        expect(Buffer.from(await file.slice(start, end)).equals(expected)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its first block', async () => {
    const from = source();
    const file = await openFile(cid, from);
    await file.slice(-8);
    await file.slice(-8);
    expect(from.requests.filter((asked) => asked === cid)).toHaveLength(1);
  });

  it('is not a folder', async () => {
    await expect(openFile(dag.directory([['f', cid]]), source())).rejects.toMatchObject({
      code: 'dag-invalid',
    });
  });
});
