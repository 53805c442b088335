import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BlockSource,
  carOf,
  fetchVerified,
  hashFolder,
  type ProfileName,
  profiles,
  readVerified,
  verifyFolder,
} from '@holdfast/content';
import type { Clock } from '@holdfast/http';
import { describe, expect, it } from 'vitest';
import { noise, type Tree, tempFolder } from '../../content/test/support/temp-folder.ts';
import { createGateways, type Source } from '../src/index.ts';
import { blocksOf, noWait, startGateway } from './support/gateway.ts';

const bigSize = 2_500_000;
const tree: Tree = {
  'a/big': noise(bigSize),
  'a/empty': '',
  'data/über.csv': 'x,y\n1,2\n',
  ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`many/${i}`, `${i}`])),
};

const ofProfile = (profile: ProfileName) => () => {
  it.each<[string, Partial<Source>]>([
    ['a gateway, block by block', { kind: 'gateway' }],
    ['a Kubo RPC', { kind: 'kubo' }],
  ])('writes a folder from %s', async (_, kind) => {
    const { folder, gateway, hash } = await served(tree, profile);
    const to = join(tempFolder(), 'new', 'folder');
    const result = await fetchVerified(hash.cid, from(gateway.url, kind), { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
    expect(result.files.map(({ path, sha256 }) => [path, sha256])).toEqual(
      hash.files.map(({ path, sha256 }) => [path, sha256]),
    );
    expect(result.bytes).toBe(hash.totalSize);
    expect(readFileSync(join(to, 'a/big')).equals(readFileSync(join(folder, 'a/big')))).toBe(true);
    expect(partsIn(to)).toEqual([]);
  });

  it('writes a folder that is a HAMT', { tags: ['slow'] }, async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1100 }, (_, i) => [`${'n'.repeat(240)}${i}`, `${i % 9}`]),
    );
    const { gateway, hash } = await served(many, profile);
    const to = tempFolder();
    await fetchVerified(hash.cid, from(gateway.url), { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
  });

  it('reads one file as a stream', async () => {
    const { gateway, hash } = await served(tree, profile);
    const file = hash.files.find(({ path }) => path === 'a/big');
    const bytes = await collect(readVerified(file?.cid ?? '', from(gateway.url)));
    expect(Buffer.compare(bytes, tree['a/big'] as Uint8Array)).toBe(0);
  });

  it('goes on with what a broken run has left', { tags: ['slow'] }, async () => {
    const { gateway, hash } = await served({ f: noise(12_000_000) }, profile);
    const to = tempFolder();
    let answered = 0;
    gateway.answer = (_, response) => {
      answered += 1;
      if (answered <= 8) return false;
      response.destroy();
      return true;
    };
    const { clock } = noWait();
    await expect(fetchVerified(hash.cid, from(gateway.url, {}, clock), { to })).rejects.toMatchObject({
      code: 'sources-exhausted',
    });
    expect(existsSync(join(to, 'f'))).toBe(false);
    expect(partsIn(to)).toHaveLength(1);
    gateway.answer = undefined;
    gateway.requests.length = 0;
    await fetchVerified(hash.cid, from(gateway.url), { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
    expect(partsIn(to)).toEqual([]);
    const blocks = Math.ceil(12_000_000 / profiles[profile].chunkSize);
    // A kept connection that the broken run left half closed may cost a second request for the same block.
    expect(new Set(gateway.requests.map((request) => JSON.stringify(request))).size).toBeLessThan(blocks);
  });
};
describe('fetchVerified of a unixfs-v1-2025 DAG', ofProfile('unixfs-v1-2025'));
describe('fetchVerified of a unixfs-v0-2015 DAG', { tags: ['slow'] }, ofProfile('unixfs-v0-2015'));

describe('fetchVerified', () => {
  it('takes a file of many blocks from one CAR', { tags: ['slow'] }, async () => {
    const { folder, gateway, hash } = await served({
      f: noise(9_000_000),
      g: Buffer.concat([noise(2_097_152), noise(2_097_152)]),
    });
    gateway.answer = carAnswer(folder);
    const to = tempFolder();
    await fetchVerified(hash.cid, from(gateway.url, { format: 'car' }), { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
    expect(gateway.requests.filter((request) => request.includes('format=car'))).toHaveLength(2);
    // Raw: the root, the two files, and in the second file the blocks that it has twice.
    expect(gateway.requests.filter((request) => request.includes('format=raw')).length).toBe(5);
  });

  it('leaves no file under its final name when the disk takes no more', { tags: ['slow'] }, async () => {
    const { gateway, hash } = await served({ small: 'x', big: noise(6_000_000) });
    const to = tempFolder();
    const script = `import { fetchVerified } from '@holdfast/content';
      import { createGateways } from '@holdfast/retrieval';
      const [cid, url, to] = process.argv.slice(1);
      const error = await fetchVerified(cid, createGateways([{ kind: 'gateway', url }]), { to }).catch((each) => each);
      process.stdout.write(String(error.code));`;
    const node = [process.execPath, '--conditions=@holdfast/source', '--input-type=module', '-e', script];
    // A limit on the size of files: the write fails in the kernel, as on a full disk, at 2 MiB.
    const limited = [
      '-c',
      `ulimit -f 4096; trap '' XFSZ; exec "$@"`,
      'sh',
      ...node,
      hash.cid,
      gateway.url,
      to,
    ];
    const { promisify } = await import('node:util');
    const { execFile } = await import('node:child_process');
    const { stdout } = await promisify(execFile)('sh', limited, { cwd: import.meta.dirname });
    expect(stdout).toBe('write-failed');
    expect(readdirSync(to).filter((name) => name === 'big')).toEqual([]);
    expect(partsIn(to)).toHaveLength(1);
  });
});

function from(url: string, kind: Partial<Source> = {}, clock?: Clock): BlockSource {
  return createGateways([{ kind: 'gateway', url, ...kind }], { clock });
}

async function served(files: Tree, profile: ProfileName = 'unixfs-v1-2025') {
  const folder = tempFolder(files);
  const hash = await hashFolder(folder, { profile });
  return { folder, hash, gateway: await startGateway(await blocksOf(folder, profile)) };
}

function carAnswer(folder: string) {
  return async (
    request: { url?: string | undefined },
    response: import('node:http').ServerResponse,
    cid: string,
  ) => {
    if (request.url?.includes('format=car') !== true) return false;
    const { files } = await hashFolder(folder);
    const path = files.find((file) => file.cid === cid)?.path ?? '';
    response.writeHead(200, { 'content-type': 'application/vnd.ipld.car' });
    for await (const chunk of carOf(join(folder, path))) response.write(chunk);
    response.end();
    return true;
  };
}

function partsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.holdfast-part'));
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
