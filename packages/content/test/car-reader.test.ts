import { CarBufferWriter } from '@ipld/car';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { carHeader, frameHead } from '../src/car/car-frame.ts';
import { type ReadCarOptions, readCar } from '../src/car/car-reader.ts';
import { binaryCid, DagBuilder } from './support/dag.ts';
import { noise } from './support/temp-folder.ts';

const dag = new DagBuilder();
const leaf = dag.raw('leaf');
const other = dag.raw('other');
const folder = dag.directory([
  ['a', leaf],
  ['b', other],
]);

describe('readCar', () => {
  it('gives every block, in any order, whole or a byte at a time', async () => {
    for (const order of [
      [folder, leaf, other],
      [leaf, other, folder],
      [folder, leaf, leaf, other, folder],
    ]) {
      const car = carFile(folder, order);
      expect(await read([car])).toEqual(order);
      expect(await read(Array.from(car, (byte) => Uint8Array.of(byte)))).toEqual(order);
    }
  });

  it('reads the header that @ipld/car writes, and writes the same', () => {
    const writer = CarBufferWriter.createWriter(new ArrayBuffer(200), { roots: [CID.parse(folder)] });
    expect(Buffer.compare(writer.close({ resize: true }), carHeader(binaryCid(folder)))).toBe(0);
  });

  it('refuses a block whose bytes are not what its CID says', async () => {
    const car = Buffer.concat([carHeader(binaryCid(leaf)), frame(leaf, new TextEncoder().encode('lies'))]);
    await expect(read([car])).rejects.toMatchObject({ code: 'block-mismatch', subject: leaf });
  });

  it('notices an end at any byte', async () => {
    const car = carFile(folder, [folder, leaf, other]);
    for (let length = 0; length < car.length; length++) {
      const code = expect.stringMatching(/^(car-truncated|block-missing)$/);
      await expect(read([car.subarray(0, length)]), `${length} bytes`).rejects.toMatchObject({ code });
    }
  });

  it('notices a missing block', async () => {
    await expect(read([carFile(folder, [folder, leaf])])).rejects.toMatchObject({
      code: 'block-missing',
      subject: other,
    });
    await expect(read([carFile(folder, [])])).rejects.toMatchObject({
      code: 'block-missing',
      subject: folder,
    });
  });

  it('notices a block that nothing refers to', async () => {
    const stray = dag.raw('stray');
    const car = carFile(folder, [folder, leaf, stray, other]);
    await expect(read([car])).rejects.toMatchObject({ code: 'block-unreferenced', subject: stray });
  });

  it.each<[string, Uint8Array, ReadCarOptions]>([
    ['another root than asked for', carFile(leaf, [leaf]), { root: other }],
    ['two roots', twoRoots(), {}],
    ['no root', Uint8Array.of(17, 0xa2, 0x65, ...text('roots'), 0x80, 0x67, ...text('version'), 0x01), {}],
    ['a CARv2', Buffer.from('0aa16776657273696f6e02', 'hex'), {}],
    ['an empty header', Uint8Array.of(0), {}],
    ['a header that is longer than any', Uint8Array.of(0x81, 0x80, 0x01), {}],
    ['a header that is not DAG-CBOR', Uint8Array.of(3, 1, 2, 3), {}],
    ['a length without end', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x01), {}],
    ['a web page', new TextEncoder().encode('<!doctype html><title>Not found</title>'.repeat(99)), {}],
  ])('refuses %s', async (_, car, options) => {
    await expect(read([car], options)).rejects.toMatchObject({ code: 'car-malformed' });
  });

  it('refuses blocks and CARs above the limits before it has them in memory', async () => {
    const big = dag.raw(noise(2 * 1024 * 1024 + 1));
    await expect(read([carFile(big, [big])])).rejects.toMatchObject({ code: 'block-too-large' });
    const declared = Buffer.concat([carHeader(binaryCid(leaf)), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)]);
    await expect(read([declared])).rejects.toMatchObject({ code: 'block-too-large' });
    await expect(read([carFile(folder, [folder, leaf])], { maxBytes: 100 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('stops an endless stream of blocks at the limit, and lets go of it', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield carHeader(binaryCid(leaf));
        for (;;) yield frame(leaf, dag.blocks.get(leaf) as Uint8Array);
      } finally {
        closed = true;
      }
    }
    await expect(read(endless(), { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'too-large' });
    expect(closed).toBe(true);
  });

  it.each([
    ['a header that is none', Uint8Array.of(3, 1, 2, 3), {}],
    ['another root', carHeader(binaryCid(leaf)), { root: other }],
  ])('lets go of the stream also after %s', async (_, header, options) => {
    let closed = false;
    async function* stream(): AsyncGenerator<Uint8Array> {
      try {
        yield header;
        yield frame(leaf, dag.blocks.get(leaf) as Uint8Array);
      } finally {
        closed = true;
      }
    }
    await expect(read(stream(), options)).rejects.toMatchObject({ code: 'car-malformed' });
    expect(closed).toBe(true);
  });

  it('refuses CIDs that a dataset cannot have', async () => {
    const dagCbor = Uint8Array.of(1, 0x71, 0x12, 32, ...new Uint8Array(32));
    const identity = Uint8Array.of(1, 0x55, 0x00, 1, 65);
    for (const cid of [dagCbor, identity]) {
      const car = Buffer.concat([carHeader(binaryCid(leaf)), frameHead(cid, 1), Uint8Array.of(65)]);
      await expect(read([car])).rejects.toMatchObject({ code: 'cid-invalid' });
    }
  });

  it('refuses a dag-pb block that does not decode', async () => {
    const broken = dag.block('dag-pb', Uint8Array.of(0xff, 0xff));
    await expect(read([carFile(broken, [broken])])).rejects.toMatchObject({ code: 'dag-invalid' });
  });

  it('is ended by its signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(read([carFile(leaf, [leaf])], { signal })).rejects.toThrow('enough');
  });
});

async function read(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: ReadCarOptions = {},
): Promise<string[]> {
  const found: string[] = [];
  for await (const { cid } of readCar(chunks, options)) found.push(cid);
  return found;
}

function frame(cid: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([frameHead(binaryCid(cid), bytes.length), bytes]);
}

function carFile(root: string, cids: readonly string[]): Uint8Array {
  const frames = cids.map((cid) => frame(cid, dag.blocks.get(cid) as Uint8Array));
  return Buffer.concat([carHeader(binaryCid(root)), ...frames]);
}

function twoRoots(): Uint8Array {
  const roots = [CID.parse(leaf), CID.parse(other)];
  return CarBufferWriter.createWriter(new ArrayBuffer(300), { roots }).close({ resize: true });
}

function text(word: string): Uint8Array {
  return new TextEncoder().encode(word);
}
