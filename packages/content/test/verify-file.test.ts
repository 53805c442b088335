import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { HashedBytes, verifyFile } from '../src/index.ts';
import { DagBuilder } from './support/dag.ts';
import { MemorySource } from './support/memory-source.ts';
import { noise } from './support/temp-folder.ts';

const dag = new DagBuilder();
const chunks = [noise(1000, 1), noise(1000, 2)];
const cid = dag.file(chunks.map((bytes) => [dag.raw(bytes), 1000n] as const));
const sha256 = createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
const source = new MemorySource(dag.blocks);

it('finds a file that is what is listed', async () => {
  const counts: number[] = [];
  const verdict = await verifyFile({ cid, sha256, size: 2000 }, source, {
    onBytes: (count) => counts.push(count),
  });
  expect(verdict).toEqual({ ok: true, size: 2000, sha256 });
  expect(counts).toEqual([1000, 1000]);
});

it('finds a CID that holds other bytes than are listed', async () => {
  const other = '0'.repeat(64);
  expect(await verifyFile({ cid, sha256: other, size: 2000 }, source)).toEqual({
    ok: false,
    size: 2000,
    sha256,
  });
  expect(await verifyFile({ cid, sha256, size: 2001 }, source)).toMatchObject({ ok: false, size: 2000 });
});

it('does not read a file that is larger than listed', async () => {
  const asked = source.requests.length;
  await expect(verifyFile({ cid, sha256, size: 1999 }, source)).rejects.toMatchObject({ code: 'too-large' });
  expect(source.requests.length).toBe(asked + 1);
});

it('knows at any time what passed', async () => {
  const bytes = new HashedBytes(
    (async function* () {
      yield* chunks;
    })(),
  );
  for await (const _ of bytes) break;
  expect(bytes.seen()).toEqual({
    size: 1000,
    sha256: createHash('sha256').update(noise(1000, 1)).digest('hex'),
  });
});
