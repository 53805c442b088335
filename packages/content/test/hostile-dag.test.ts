import { readdirSync } from 'node:fs';
import { createNode, encode } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { describe, expect, it } from 'vitest';
import { murmur3 } from '../src/dag/murmur3.ts';
import { type FetchOptions, fetchVerified } from '../src/fetch/fetch-verified.ts';
import { readVerified } from '../src/read/read-verified.ts';
import { DagBuilder } from './support/dag.ts';
import { MemorySource } from './support/memory-source.ts';
import { tempFolder } from './support/temp-folder.ts';

const dag = new DagBuilder();
const leaf = dag.raw('x');

describe('names that are not names', () => {
  it.each([
    '..',
    '.',
    '',
    '../escape',
    '/absolute',
    'sub/file',
    'back\\slash',
    'nul\0',
    'line\nbreak',
    'f.holdfast-part',
    '.git',
    '.GIT',
    '.g\u200cit',
    '\uff0egit',
    '.git::$INDEX_ALLOCATION',
    'GIT~1',
    'con.txt',
    'file:stream',
    'trailing.',
    'zero\u200bwidth',
    'n'.repeat(256),
  ])('refuses %j before anything is written', async (name) => {
    await refused(dag.directory([[name, leaf]]), 'path-unsafe');
    await refused(dag.directory([['sub', dag.directory([[name, leaf]])]]), 'path-unsafe');
  });

  it.each([
    ['in case', 'README', 'readme'],
    ['in composition', 'e\u0301', '\u00e9'],
    ['in nothing', 'f', 'f'],
    ['in a letter that folds', 'stra\u00dfe', 'STRASSE'],
  ])('refuses two names that differ only %s', async (_, one, other) => {
    await refused(
      dag.directory([
        [one, leaf],
        [other, leaf],
      ]),
      'path-unsafe',
    );
  });

  it('refuses names that are not UTF-8', async () => {
    const data = new UnixFS({ type: 'directory' }).marshal();
    const good = encode(createNode(data, []));
    const cid = Uint8Array.from({ length: 36 }, (_, i) => [1, 0x55, 0x12, 32][i] ?? 7);
    const link = Uint8Array.of(0x0a, 36, ...cid, 0x12, 2, 0xff, 0xfe, 0x18, 1);
    const bad = Uint8Array.of(0x12, link.length, ...link, ...good);
    await refused(dag.block('dag-pb', bad), 'dag-invalid');
  });
});

describe('HAMTs that lie', () => {
  const slot = (name: string, depth = 0): number => murmur3(new TextEncoder().encode(name))[depth] as number;
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');
  const bit = (value: number): Uint8Array => {
    const bits = new Uint8Array((value >> 3) + 1);
    bits[0] = 1 << (value & 7);
    return bits;
  };
  const name = 'file';
  const at = slot(name);

  it('takes an honest one', async () => {
    const to = await fetched(dag.shard(bit(at), [[`${hex(at)}${name}`, leaf]]));
    expect(readdirSync(to)).toEqual([name]);
  });

  it.each<[string, () => string]>([
    [
      'a bitfield that says another slot',
      () => dag.shard(bit((at + 1) % 256), [[`${hex(at)}${name}`, leaf]]),
    ],
    ['no bitfield', () => dag.shard(new Uint8Array(), [[`${hex(at)}${name}`, leaf]])],
    [
      'a bitfield longer than the fanout',
      () => dag.shard(new Uint8Array(33).fill(1), [[`${hex(at)}${name}`, leaf]]),
    ],
    [
      'a name in a slot that is not its own',
      () => dag.shard(bit((at + 1) % 256), [[`${hex((at + 1) % 256)}${name}`, leaf]]),
    ],
    ['a name without a slot', () => dag.shard(bit(at), [[name, leaf]])],
    ['another fanout', () => dag.shard(bit(at), [[`${hex(at)}${name}`, leaf]], 16n)],
    ['a huge fanout', () => dag.shard(bit(at), [[`${hex(at)}${name}`, leaf]], 1n << 62n)],
    ['a file where a shard should be', () => dag.shard(bit(5), [['05', leaf]])],
    [
      'a plain folder where a shard should be',
      () => dag.shard(bit(5), [['05', dag.directory([[name, leaf]])]]),
    ],
  ])('refuses %s', async (_, make) => {
    await refused(make(), 'dag-invalid');
  });

  it('refuses a name that leads out of the folder, in its own slot', async () => {
    for (const out of ['../escape', '..']) {
      const own = slot(out);
      await refused(dag.shard(bit(own), [[`${hex(own)}${out}`, leaf]]), 'path-unsafe');
    }
  });

  it('refuses shards deeper than the hash', async () => {
    let shard = dag.shard(new Uint8Array(), []);
    for (let depth = 0; depth < 9; depth++) shard = dag.shard(bit(depth), [[hex(depth), shard]]);
    await refused(shard, 'dag-invalid');
  });

  it('refuses the same shard in many slots', async () => {
    const inner = dag.shard(new Uint8Array(), []);
    const bits = new Uint8Array(32).fill(0xff);
    const slots = Array.from({ length: 256 }, (_, i) => [hex(i), inner] as const);
    await refused(dag.shard(bits, slots), 'dag-invalid');
  });
});

describe('bombs', () => {
  it('counts the entries of folders that repeat below one another', async () => {
    let folder = dag.directory([['f', leaf]]);
    for (let depth = 0; depth < 10; depth++) {
      const inner = folder;
      folder = dag.directory(Array.from({ length: 100 }, (_, i) => [`${i}`, inner] as const));
    }
    await refused(folder, 'too-large', { maxEntries: 300 });
  });

  it('refuses folders that are deeper than any path', { tags: ['slow'] }, async () => {
    let folder = dag.directory([]);
    for (let depth = 0; depth < 1100; depth++) folder = dag.directory([['d', folder]]);
    await refused(folder, 'dag-invalid');
  });

  it('refuses a file that declares more than the limit, before any byte of it', async () => {
    const huge = dag.file([[leaf, 1n << 50n]]);
    await refused(huge, 'too-large');
    await refused(dag.directory([['f', huge]]), 'too-large');
    const source = new MemorySource(dag.blocks);
    await expect(drain(readVerified(huge, source))).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('counts all files against the limit', async () => {
    const folder = dag.directory([
      ['a', dag.raw('12345')],
      ['b', dag.raw('67890')],
    ]);
    await refused(folder, 'too-large', { maxBytes: 9 });
    await fetched(folder, { maxBytes: 10 });
  });

  it('refuses a file whose parts repeat for ever', async () => {
    let part = dag.file([[dag.raw(''), 0n]]);
    for (let depth = 0; depth < 20; depth++)
      part = dag.file(Array.from({ length: 50 }, () => [part, 0n] as const));
    await refused(part, 'dag-invalid');
  });

  it('refuses sizes above 2^53', async () => {
    await refused(dag.file([[leaf, 1n << 60n]]), 'dag-invalid');
  });
});

describe('files that lie', () => {
  const hello = dag.raw('hello');
  it.each<[string, () => string]>([
    ['a part that is shorter than it says', () => dag.file([[hello, 6n]])],
    ['a part that is longer than it says', () => dag.file([[hello, 4n]])],
    ['fewer sizes than parts', () => dag.node(new UnixFS({ type: 'file' }).marshal(), [['', hello]])],
    [
      'more sizes than parts',
      () => dag.node(new UnixFS({ type: 'file', blockSizes: [5n, 0n] }).marshal(), [['', hello]]),
    ],
    ['sizes without parts', () => dag.node(new UnixFS({ type: 'file', blockSizes: [5n] }).marshal(), [])],
    [
      'bytes beside its parts',
      () =>
        dag.node(new UnixFS({ type: 'file', data: Uint8Array.of(1), blockSizes: [5n] }).marshal(), [
          ['', hello],
        ]),
    ],
    ['a folder as a part', () => dag.file([[dag.directory([]), 0n]])],
    [
      'a symbolic link',
      () =>
        dag.directory([
          ['l', dag.node(new UnixFS({ type: 'symlink', data: Buffer.from('/etc') }).marshal(), [])],
        ]),
    ],
    ['no UnixFS message', () => dag.block('dag-pb', encode(createNode(Uint8Array.of(0xff, 0xff, 0xff), [])))],
    ['no data at all', () => dag.block('dag-pb', new Uint8Array())],
  ])('refuses %s', async (_, make) => {
    await refused(make(), 'dag-invalid');
  });
});

async function fetched(cid: string, options: Partial<FetchOptions> = {}): Promise<string> {
  const to = tempFolder();
  const source = new MemorySource(dag.blocks);
  await fetchVerified(cid, source, { to, ...options });
  return to;
}

/** Refused, and nothing is there under a final name but the whole files `f` and `a`, nor beside the folder. */
async function refused(cid: string, code: string, options: Partial<FetchOptions> = {}): Promise<void> {
  const above = tempFolder();
  const source = new MemorySource(dag.blocks);
  const to = `${above}/to`;
  const fetching = fetchVerified(cid, source, { to, ...options });
  await expect(fetching).rejects.toMatchObject({ code });
  const found = readdirSync(above, { recursive: true, withFileTypes: true });
  expect(
    found.filter(
      (entry) => entry.isFile() && !entry.name.endsWith('-part') && !['f', 'a'].includes(entry.name),
    ),
  ).toEqual([]);
}

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}
