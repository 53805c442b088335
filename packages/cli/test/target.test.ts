// @module-tag slow

import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTarget } from '../src/pinning/open-target.ts';
import { chooseTarget } from '../src/pinning/target-flags.ts';
import { gatewayOf } from './support/gateway.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';
import { webServer } from './support/web-server.ts';

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ready(box: Sandbox, tier = 'ephemeral'): Promise<string> {
  await initialized(box);
  return signedTides(box, { tier });
}

describe('a target', () => {
  it.each(['plan', 'pin', 'status', 'heal'])('%s without one says how to name it', async (command) => {
    await using box = await sandbox();
    const { code, stderr } = await box.run([command]);
    expect({ code, said: stderr.includes('CLUSTER_URL=') }).toEqual({ code: 2, said: true });
  });

  it.each([
    ['an address that is none', ['--cluster-url', 'cluster.example.org'], {}, 'expects an address such as'],
    [
      'one of several addresses that is none',
      ['--cluster-url', 'http://127.0.0.1:1,cluster.example.org'],
      {},
      'got "cluster.example.org"',
    ],
    [
      'two kinds at once',
      ['--cluster-url', 'http://127.0.0.1:1', '--local', 'x'],
      {},
      '--cluster-url and --local name two targets',
    ],
    [
      'two kinds in the environment',
      [],
      { CLUSTER_URL: 'http://127.0.0.1:1', HOLDFAST_LOCAL: 'x' },
      'name two targets',
    ],
    ['a service without its token', ['--pinning-service', 'http://127.0.0.1:1'], {}, 'PINNING_SERVICE_TOKEN'],
    ['an owner without its host', ['--local', 'x', '--owner', 'acme/tides'], {}, 'expects HOST/OWNER/NAME'],
    ['a time that is none', ['--local', 'x', '--timeout', '5'], {}, '--timeout expects a time such as 90s'],
    [
      'a secret twice',
      ['--cluster-url', 'http://127.0.0.1:1'],
      { CLUSTER_AUTH: 'a', CLUSTER_AUTH_FILE: 'b' },
      'are both set',
    ],
  ])('%s is misuse', async (_, args, env, message) => {
    await using box = await sandbox();
    expect(await box.run(['pin', ...args], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });

  it('never takes a credential from an address, and does not repeat it', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    for (const run of [
      box.run(['pin', '--cluster-url', 'http://me:s3cret@127.0.0.1:1']),
      box.run(['pin'], { env: { CLUSTER_URL: 'http://me:s3cret@127.0.0.1:1' } }),
      box.run(['pin'], { env: { CLUSTER_URL: 'me:s3cret@127.0.0.1:9094' } }),
      box.run(['pin', '--cluster-url', 'http://127.0.0.1:1/?token=s3cret']),
      box.run(['verify', file, '--content', 'http://me:s3cret@127.0.0.1:1']),
      box.run(['fetch', file, '--gateway', 'http://me:s3cret@127.0.0.1:1']),
      box.run(['fetch', file, '--kubo-url', 'me:s3cret@127.0.0.1:5001']),
    ]) {
      const { code, stderr } = await run;
      expect({ code, repeated: stderr.includes('s3cret') }).toEqual({ code: 2, repeated: false });
      expect(stderr).toMatch(/holds a user or password|without "\?"/);
    }
  });

  it.each(['s3cr\net', 's3crét', 's3cret ', ':s3cret', 's3cret:', 'me:s3cr\tet'])(
    'never shows a secret that no header can carry: %j',
    { tags: ['slow'] },
    async (secret) => {
      await using box = await sandbox();
      const file = await ready(box);
      const nobody = 'http://127.0.0.1:1';
      for (const [variable, args] of [
        ['CLUSTER_AUTH', ['pin', file, '--cluster-url', nobody]],
        ['KUBO_AUTH', ['publish', 'data', '--kubo-url', nobody]],
        ['KUBO_AUTH', ['fetch', file, '--kubo-url', nobody]],
        ['PINNING_SERVICE_TOKEN', ['pin', file, '--pinning-service', nobody]],
      ] as const) {
        const { code, stdout, stderr } = await box.run(args, { env: { [variable]: secret } });
        expect(stdout + stderr).not.toContain('s3cr');
        if (variable.endsWith('TOKEN') && /^[!-~]+$/.test(secret)) continue;
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(variable) });
      }
    },
  );

  it('that does not answer is a failure of the world, and says what to look at', {
    tags: ['slow'],
  }, async () => {
    await using box = await sandbox();
    const file = await ready(box);
    const address = `http://127.0.0.1:${await closedPort()}`;
    const { code, stderr } = await box.run(['pin', file, '--cluster-url', address], {
      env: { CLUSTER_AUTH: 'me:s3cret' },
    });
    expect(code).toBe(3);
    expect(stderr).toContain(address);
    expect(stderr).toContain('is it running, and is the address right?');
    expect(stderr).not.toContain('s3cret');
    const publish = await box.run(['publish', 'data', '--kubo-url', address]);
    expect(publish).toMatchObject({ code: 3, stderr: expect.stringContaining(`${address}: `) });
  });
});

/** A web server that answers everything the same way. */
const pageServer = (status: number, body: string) =>
  webServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'text/html' }).end(body));
  });

describe('a server that is not what it was taken for', { tags: ['slow'] }, () => {
  it.each([
    ['--cluster-url', 404, 'GET /version was answered 404', 'not the REST API of an IPFS Cluster'],
    ['--cluster-url', 200, 'GET /version expected JSON', 'not the REST API of an IPFS Cluster'],
    ['--kubo-url', 404, 'id was answered 404', 'not the RPC API of Kubo, which usually listens on port 5001'],
    ['--pinning-service', 404, 'GET /pins was answered 404', 'not a Pinning Service API'],
  ])(
    'as %s that answers %i: says what was asked, and what it probably is not',
    async (flag, status, asked, hint) => {
      await using box = await sandbox();
      const file = await ready(box);
      await using server = await pageServer(status, 'no such page');
      const env = { PINNING_SERVICE_TOKEN: 'a-token-of-a-test' };
      for (const command of ['plan', 'status']) {
        const { code, stderr } = await box.run([command, file, flag, server.url], { env });
        expect(code).toBeGreaterThan(1);
        expect(stderr).toContain(`${server.url}: ${asked}`);
        expect(stderr).toContain(`help: this is probably ${hint}`);
      }
    },
  );

  it('says so also where content is sent there', async () => {
    await using box = await sandbox();
    await ready(box);
    await using server = await pageServer(404, 'no such page');
    const { stderr } = await box.run(['publish', 'data', '--cluster-url', server.url]);
    expect(stderr).toContain('POST /add was answered 404');
    expect(stderr).toContain('help: this is probably not the REST API of an IPFS Cluster');
  });
});

describe('a server that is no Kubo node', { tags: ['slow'] }, () => {
  it.each([
    [200, '<html>', 'stored none of 4 blocks'],
    [404, '404 page not found\n', 'answered 404: 404 page not found'],
  ])('answers %i, and the hint asks for the address', async (status, body, message) => {
    await using box = await sandbox();
    await ready(box);
    await using server = await pageServer(status, body);
    const { code, stderr } = await box.run(['publish', 'data', '--kubo-url', server.url]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(message) });
    expect(stderr).toContain('is this the RPC address of the node');
  });
});

describe('pinning what was not committed', { tags: ['slow'] }, () => {
  it('says that there is nothing to pin, and why', async () => {
    await using box = await sandbox();
    await ready(box);
    const { code, stderr } = await box.run(['pin', '--local', 'copies']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('has no manifests') });
  });
});

describe('the spellings before', () => {
  it.each([
    ['--cluster', '--cluster-url'],
    ['--kubo', '--kubo-url'],
  ])('%s still works and names the new one', async (old, current) => {
    await using box = await sandbox();
    const { stderr } = await box.run(['pin', old, 'nowhere']);
    expect(stderr).toContain(`${old} is now ${current}\n`);
    expect(stderr).toContain(`${current} expects an address`);
    for (const silent of ['--quiet', '--json'])
      expect((await box.run(['pin', old, 'nowhere', silent])).stderr).not.toContain('is now');
    expect((await box.run(['pin', current, 'nowhere'])).stderr).not.toContain('is now');
  });

  it.each([
    ['HOLDFAST_CLUSTER_URL', 'CLUSTER_URL', ['pin']],
    ['HOLDFAST_KUBO_URL', 'KUBO_URL', ['pin']],
    ['HOLDFAST_PINNING_SERVICE_URL', 'PINNING_SERVICE', ['pin']],
    [
      'HOLDFAST_GATEWAY',
      'GATEWAYS',
      ['fetch', 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'],
    ],
  ])('$%s still works and names $%s, which wins', async (old, current, command) => {
    await using box = await sandbox();
    const { stderr } = await box.run(command, { env: { [old]: 'nowhere' } });
    expect(stderr).toContain(`${old} is now ${current}\n`);
    expect(stderr).toContain(`${current} expects an address such as`);
    const both = await box.run(command, { env: { [old]: 'nowhere', [current]: 'elsewhere' } });
    expect(both.stderr).toContain('got "elsewhere"');
    expect(both.stderr).not.toContain('is now');
  });

  it('of secrets and of the files that hold them are read as well', async () => {
    await using box = await sandbox();
    await box.write({ empty: '' });
    const pin = ['pin', '--cluster-url', 'http://127.0.0.1:1'];
    const { stderr } = await box.run(pin, { env: { HOLDFAST_CLUSTER_AUTH_FILE: 'empty' } });
    expect(stderr).toContain('HOLDFAST_CLUSTER_AUTH_FILE is now CLUSTER_AUTH_FILE\n');
    expect(stderr).toContain('CLUSTER_AUTH_FILE names an empty file');
    const both = await box.run(pin, { env: { HOLDFAST_CLUSTER_AUTH: 'a', CLUSTER_AUTH_FILE: 'empty' } });
    expect(both.stderr).toContain('are both set');
  });
});

describe('a local folder as the target', () => {
  it('is looked up from the folder that the ports name, as every path is', async () => {
    const stdin = { isTTY: false, ask: () => Promise.reject(), read: () => Promise.reject() };
    const flags = { target: [], 'cluster-url': [], 'kubo-url': [], 'pinning-service': undefined };
    const { signal } = new AbortController();
    const ports = { cwd: '/somewhere', env: {}, stdin, note: () => {}, signal };
    const open = async (local: string) =>
      openTarget(await chooseTarget({ ...flags, local: [local] }, ports), ports);
    expect((await open('copies')).label).toBe('folder /somewhere/copies');
    expect((await open('/elsewhere')).label).toBe('folder /elsewhere');
  });

  it('takes content, keeps it, and says when there is nothing to do', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    const local = ['--local', 'copies'];
    const planned = await box.json(['plan', file, ...local]);
    expect(planned.document.result).toMatchObject({
      changes: 1,
      adds: 1,
      owner: 'github.com/acme/tides',
      steps: [{ kind: 'pin', name: 'tides@1.0.0' }],
    });
    await expectOk(box, ['publish', 'data', '--manifest', file, ...local]);
    const pinned = await box.json(['pin', file, ...local]);
    expect(pinned.document).toMatchObject({
      exitCode: 0,
      result: { outcome: 'satisfied', satisfied: 1, results: [{ copies: 1, step: 'pin' }] },
    });
    expect(await expectOk(box, ['plan', file, ...local])).toContain('nothing to do');
    expect(await expectOk(box, ['pin', file, ...local, '--quiet'])).toBe('');
    const status = await box.json(['status', file, ...local]);
    expect(status.document).toMatchObject({ exitCode: 0, result: { healthy: 1, degraded: 0, unhealthy: 0 } });
    expect((await box.json(['heal', file, ...local])).document).toMatchObject({
      exitCode: 0,
      result: { satisfied: 1 },
    });
  });

  it('is the folder that the variable names, spaces and commas included', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    const env = { HOLDFAST_LOCAL: 'my copies, 2026' };
    await box.run(['publish', 'data'], { env });
    expect((await box.run(['pin', file], { env })).code).toBe(0);
    expect(await readdir(box.folder)).toContain('my copies, 2026');
    expect(await readdir(box.folder)).not.toContain('my');
  });

  it('is several folders, each of them a copy, and one that is lost is filled again', async () => {
    await using box = await sandbox();
    const file = await ready(box, 'standard');
    const places = ['oslo', 'lisbon', 'nairobi'];
    const local = places.flatMap((place) => ['--local', place]);
    await expectOk(box, ['publish', 'data', ...local]);
    await expectOk(box, ['pin', file, '--wait', 'max', ...local]);
    for (const place of ['oslo', 'lisbon']) await rm(box.path(place), { recursive: true });
    const env = { HOLDFAST_LOCAL: places.join(delimiter) };
    expect((await box.run(['status', file], { env })).stdout).toContain('1 of 2 copies');
    expect((await box.run(['heal', file], { env })).code).toBe(0);
    expect(await readdir(box.path('oslo'))).toContain('blocks');
    expect((await box.json(['status', file], { env })).document.result.healthy).toBe(1);
  });

  it('ends with 1 where the content is nowhere, once the time is up', { tags: ['slow'] }, async () => {
    await using box = await sandbox();
    const file = await ready(box);
    const { code, stdout } = await box.run(['pin', file, '--local', 'copies', '--timeout', '1s']);
    expect(code).toBe(1);
    expect(stdout).toContain('0 satisfied, 0 degraded, 1 failed');
    expect(stdout).toContain('--timeout');
    const quiet = await box.run(['pin', file, '--local', 'copies', '--timeout', '1s', '--quiet']);
    expect(quiet).toMatchObject({ code: 1, stdout: expect.stringMatching(/^tides@1\.0\.0 failed: .+\n$/) });
    expect((await box.run(['status', file, '--local', 'copies', '-q'])).stdout).toMatch(
      /^tides@1\.0\.0 unhealthy: /,
    );
  });

  it('pins nothing of a manifest that nobody trusted signed', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    await expectOk(box, ['revise', file, '--description', 'Unsigned now']);
    const { code, document } = await box.json(['pin', file, '--local', 'copies']);
    expect({ code, results: document.result.results }).toEqual({ code: 1, results: [] });
    expect(document.problems.map((problem) => problem.code)).toContain('trust/not-enough-signers');
  });

  it('pins neither of two manifests of one version, and says where the other is', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    const copy = file.replace('.json', '-copy.json');
    await copyFile(box.path(file), box.path(copy));
    const { code, document } = await box.json(['pin', file, copy, file, '--local', 'copies']);
    expect({ code, results: document.result.results }).toEqual({ code: 1, results: [] });
    expect(document.problems.map(({ code, file }) => [code, file])).toEqual([
      ['change/duplicate-version', file],
      ['change/duplicate-version', copy],
    ]);
  });

  it('pins no manifest of another repository, as the merge would not', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    const manifest = JSON.parse(await readFile(box.path(file), 'utf8'));
    const dataset = { ...manifest.dataset, repository: 'other/tides' };
    await writeFile(box.path(file), JSON.stringify({ dataset, signatures: [] }));
    await expectOk(box, ['sign', file]);
    const { code, document } = await box.json(['pin', file, '--local', 'copies']);
    expect({ code, results: document.result.results }).toEqual({ code: 1, results: [] });
    expect(document.problems.map((problem) => problem.code)).toEqual(['change/wrong-repository']);
  });

  it('is sent nothing that the manifest does not describe', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    await writeFile(box.path('data/1990.csv'), 'changed\n');
    const { code, stderr } = await box.run(['publish', 'data', '--manifest', file, '--local', 'copies']);
    expect(code).toBe(2);
    expect(stderr).toContain(`holdfast verify ${file} --unsigned --content data lists the differences`);
  });

  it('shows a dry run and changes nothing', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    expect(await expectOk(box, ['pin', file, '--local', 'copies', '--dry-run'])).toContain('1 step');
    expect((await box.json(['status', file, '--local', 'copies'])).document.result.unhealthy).toBe(1);
  });
});

describe('holdfast availability', { tags: ['slow'] }, () => {
  it('tells a gateway that serves from one that lies and one that is not there', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    await using good = await gatewayOf(box.path('data'));
    await using liar = await gatewayOf(box.path('data'));
    liar.tamper = (bytes) => bytes.map((byte) => byte ^ 1);
    const all = ['--gateway', good.url, '--gateway', liar.url, '--gateway', 'http://127.0.0.1:1'];
    const { document, code } = await box.json(['availability', file, ...all, '--rounds', '2']);
    expect(code).toBe(1);
    expect(document.result).toMatchObject({
      rounds: 2,
      places: [{ state: 'up', copy: 'here' }, { state: 'failing' }, { state: 'failing' }],
      sla: { verdict: 'too-few', samples: 2, availability: 1 },
    });
    const { stdout } = await box.run(['availability', file, ...all]);
    expect(stdout).toContain(`✓ ${good.url}: served in `);
    expect(stdout).toContain('sent other bytes than the CID names');
    expect(await box.run(['availability', file, '--rounds', '0'])).toMatchObject({ code: 2 });
  });
});

describe('holdfast fetch', () => {
  it.each([
    ['a pattern that matches nothing', ['--file', '*.parquet'], 2, 'the manifest lists 1990.csv'],
    ['an address of several parts', ['--gateway', 'http://127.0.0.1:1/?x'], 2, 'without "?"'],
    ['a gateway that does not answer', ['--gateway', 'http://127.0.0.1:1'], 3, '127.0.0.1:1'],
  ])('%s: says what to do', { tags: ['slow'] }, async (_, args, code, message) => {
    await using box = await sandbox();
    const file = await ready(box);
    expect(await box.run(['fetch', file, ...args])).toMatchObject({
      code,
      stderr: expect.stringContaining(message),
    });
  });
});

describe('verified content', { tags: ['slow'] }, () => {
  it('comes by its CID alone, however it is spelled', async () => {
    await using box = await sandbox();
    await ready(box);
    await using gateway = await gatewayOf(box.path('data'));
    const cid = (await box.run(['cid', '--quiet', 'data'])).stdout.trim();
    for (const name of [cid, `ipfs://${cid}`, `/ipfs/${cid}`])
      await expectOk(box, ['fetch', name, '-o', 'one', '--gateway', gateway.url]);
    const old = await box.run(['fetch', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWRUabc']);
    expect(old).toMatchObject({ code: 2, stderr: expect.stringContaining('ipfs cid format -v 1') });
  });

  it('is not written over a file that differs', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    await using gateway = await gatewayOf(box.path('data'));
    await box.write({ 'out/1990.csv': 'mine' });
    const { code, stderr } = await box.run(['fetch', file, '-o', 'out', '--gateway', gateway.url]);
    expect({ code, said: stderr.includes('move it away') }).toEqual({ code: 2, said: true });
    expect(await readFile(box.path('out/1990.csv'), 'utf8')).toBe('mine');
  });

  it('comes from a gateway, and again only as far as it is not there', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    await using gateway = await gatewayOf(box.path('data'));
    const first = await box.json(['fetch', file, '--gateway', gateway.url]);
    expect(first.document).toMatchObject({
      exitCode: 0,
      result: { to: 'tides-1.0.0', files: [{ status: 'written' }, { status: 'written' }] },
    });
    await expectOk(box, ['verify', file, '--content', 'tides-1.0.0', '--content', gateway.url]);
    const again = await box.json(['fetch', file, '--gateway', gateway.url]);
    expect(again.document.result.files).toMatchObject([{ status: 'present' }, { status: 'present' }]);
    const some = await box.json(['fetch', file, '--file', 'deep/**', '-o', 'some', '--gateway', gateway.url]);
    expect(some.document.result.files).toMatchObject([{ path: 'deep/1991.csv' }]);
  });

  it('is refused when a gateway lies, and taken from the next one', async () => {
    await using box = await sandbox();
    const file = await ready(box);
    await using liar = await gatewayOf(box.path('data'));
    liar.tamper = (bytes) => bytes.map((byte) => byte ^ 1);
    const refused = await box.run(['fetch', file, '--gateway', liar.url]);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(liar.url) });
    await using honest = await gatewayOf(box.path('data'));
    const both = ['fetch', file, '--gateway', liar.url, '--gateway', honest.url];
    const stdout = await expectOk(box, [...both, '-o', 'one']);
    expect(stdout).toContain(`${honest.url}: `);
    const { document } = await box.json([...both, '-o', 'two']);
    expect(document.result.sources).toMatchObject([
      { source: liar.url, blocks: 0, bytes: 0 },
      { source: honest.url, faults: 0 },
    ]);
    expect(document.result.sources[1].blocks).toBeGreaterThan(2);
  });
});
