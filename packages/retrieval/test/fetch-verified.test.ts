import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchVerified } from '../src/fetch/fetch-verified.ts';
import { readVerified } from '../src/fetch/read-verified.ts';
import type { Source } from '../src/fetch/source.ts';
import { hashFolder } from '../src/hash/hash-folder.ts';
import { verifyFolder } from '../src/hash/verify-folder.ts';
import { type ProfileName, profiles } from '../src/profile.ts';
import { blocksOf, noWait, startGateway } from './support/gateway.ts';
import { noise, type Tree, tempFolder } from './support/temp-folder.ts';

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
    const result = await fetchVerified(hash.cid, [{ kind: 'gateway', url: gateway.url, ...kind }], { to });
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
    await fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
  });

  it('reads one file as a stream', async () => {
    const { gateway, hash } = await served(tree, profile);
    const file = hash.files.find(({ path }) => path === 'a/big');
    const bytes = await collect(readVerified(file?.cid ?? '', [gatewaySource(gateway.url)]));
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
    const { wait } = noWait();
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to, wait })).rejects.toMatchObject({
      code: 'sources-exhausted',
    });
    expect(existsSync(join(to, 'f'))).toBe(false);
    expect(partsIn(to)).toHaveLength(1);
    gateway.answer = undefined;
    gateway.requests.length = 0;
    await fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
    expect(partsIn(to)).toEqual([]);
    const blocks = Math.ceil(12_000_000 / profiles[profile].chunkSize);
    expect(gateway.requests.length).toBeLessThan(blocks);
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
    await fetchVerified(hash.cid, [{ kind: 'gateway', url: gateway.url, format: 'car' }], { to });
    expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
    expect(gateway.requests.filter((request) => request.includes('format=car'))).toHaveLength(2);
    // Raw: the root, the two files, and in the second file the blocks that it has twice.
    expect(gateway.requests.filter((request) => request.includes('format=raw')).length).toBe(5);
  });

  it('takes only the listed files, and checks their SHA-256', async () => {
    const { gateway, hash } = await served(tree);
    const to = tempFolder();
    const [big] = hash.files;
    await fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to, files: [{ path: 'many/7' }] });
    expect(readdirSync(to, { recursive: true }).sort()).toEqual(['many', 'many/7']);
    const wrong = [{ path: 'a/empty', sha256: big?.sha256 ?? '' }];
    await expect(
      fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to, files: wrong }),
    ).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
    expect(readdirSync(join(to, 'a'))).toEqual([]);
    const absent = [{ path: 'many/7/deeper' }, { path: 'none' }];
    await expect(
      fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to, files: absent }),
    ).rejects.toMatchObject({
      code: 'path-missing',
    });
  });

  it('leaves right files alone and never writes over another one', async () => {
    const { gateway, hash } = await served(tree);
    const to = tempFolder();
    await fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to });
    const again = await fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to });
    expect(new Set(again.files.map(({ status }) => status))).toEqual(new Set(['present']));
    appendFileSync(join(to, 'many/7'), 'and more');
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to })).rejects.toMatchObject({
      code: 'target-exists',
    });
    writeFileSync(join(to, 'many/7'), '7');
    const changed = Buffer.from(tree['a/big'] as Uint8Array).fill(0, 2_000_000, 2_000_001);
    writeFileSync(join(to, 'a/big'), changed);
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to })).rejects.toMatchObject({
      code: 'target-exists',
    });
    expect(readFileSync(join(to, 'a/big')).equals(changed)).toBe(true);
  });

  it('writes a single file to the path it is given', async () => {
    const { gateway, hash } = await served(tree);
    const file = hash.files.find(({ path }) => path === 'a/big');
    const to = join(tempFolder(), 'renamed');
    await fetchVerified(file?.cid ?? '', [gatewaySource(gateway.url)], { to });
    expect(statSync(to).size).toBe(bigSize);
  });

  it('reports progress up to the whole', async () => {
    const { gateway, hash } = await served(tree);
    let last: unknown;
    await fetchVerified(hash.cid, [gatewaySource(gateway.url)], {
      to: tempFolder(),
      onProgress: (progress) => {
        last = progress;
      },
    });
    expect(last).toEqual({ kind: 'fetch', files: hash.files.length, bytes: hash.totalSize });
  });

  it('ends when it is aborted, and leaves no file under its final name', async () => {
    const { gateway, hash } = await served({ f: noise(9_000_000) });
    const controller = new AbortController();
    const to = tempFolder();
    const running = fetchVerified(hash.cid, [gatewaySource(gateway.url)], {
      to,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    expect(existsSync(join(to, 'f'))).toBe(false);
  });

  it('leaves no file under its final name when the disk takes no more', { tags: ['slow'] }, async () => {
    const { gateway, hash } = await served({ small: 'x', big: noise(6_000_000) });
    const to = tempFolder();
    const script = `import { fetchVerified } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
      const [cid, url, to] = process.argv.slice(1);
      const error = await fetchVerified(cid, [{ kind: 'gateway', url }], { to }).catch((each) => each);
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
    const { stdout } = await promisify(execFile)('sh', limited);
    expect(stdout).toBe('write-failed');
    expect(readdirSync(to).filter((name) => name === 'big')).toEqual([]);
    expect(partsIn(to)).toHaveLength(1);
  });
});

describe('where it writes', () => {
  it('does not write through a link inside the folder', async () => {
    const { gateway, hash } = await served({ 'sub/f': 'x' });
    const outside = tempFolder();
    const to = tempFolder();
    symlinkSync(outside, join(to, 'sub'));
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to })).rejects.toMatchObject({
      code: 'path-unsafe',
    });
    expect(readdirSync(outside)).toEqual([]);
  });

  it('does not write through a link in place of a file or of its part', async () => {
    const { gateway, hash } = await served({ f: 'x' });
    for (const name of ['f', 'f.holdfast-part']) {
      const outside = join(tempFolder({ victim: 'precious' }), 'victim');
      const to = tempFolder();
      symlinkSync(outside, join(to, name));
      await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to })).rejects.toMatchObject({
        code: expect.stringMatching(/^(path-unsafe|target-exists)$/),
      });
      expect(readFileSync(outside, 'utf8')).toBe('precious');
    }
  });

  it('does not wait for a FIFO that stands in place of a part', async () => {
    const { gateway, hash } = await served({ f: 'x' });
    const to = tempFolder();
    execFileSync('mkfifo', [join(to, 'f.holdfast-part')]);
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to })).rejects.toMatchObject({
      code: 'path-unsafe',
    });
  });

  it('says where it could not write', async () => {
    const { gateway, hash } = await served({ 'sub/f': 'x' });
    const to = tempFolder({ sub: 'a file' });
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to })).rejects.toMatchObject({
      code: 'path-unsafe',
    });
    const file = join(tempFolder({ taken: 'a file' }), 'taken');
    await expect(fetchVerified(hash.cid, [gatewaySource(gateway.url)], { to: file })).rejects.toMatchObject({
      code: 'write-failed',
    });
    mkdirSync(join(to, 'empty'));
  });
});

function gatewaySource(url: string): Source {
  return { kind: 'gateway', url };
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
    const { carOf } = await import('../src/car/folder-car.ts');
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
