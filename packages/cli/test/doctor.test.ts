// @module-tag slow

import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { git, initialized } from './support/repository.ts';
import { webServer } from './support/web-server.ts';

interface Said {
  readonly area: string;
  readonly subject: string;
  readonly health: string;
  readonly message: string;
  readonly help: string | null;
}

async function doctor(box: Sandbox, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { document, code } = await box.json(['doctor', ...args], { env });
  const all = document.result.findings as readonly Said[];
  return {
    code,
    all,
    /** What is not well, as `health subject: message`. */
    lines: all
      .filter(({ health }) => health !== 'ok')
      .map(({ health, subject, message }) => `${health} ${subject}: ${message}`),
    helpOf: (subject: string) => all.find((one) => one.subject.includes(subject))?.help,
  };
}

const deployed = (name: string) => new URL(`../../../deploy/${name}`, import.meta.url).pathname;

describe('doctor', () => {
  it('in a repository as init leaves it has nothing to fix', async () => {
    await using box = await sandbox();
    await initialized(box);
    const { code, lines } = await doctor(box);
    expect({ code, lines }).toEqual({
      code: 0,
      lines: ['warning target: none is named, so none was asked'],
    });
    const { stdout } = await box.run(['doctor']);
    expect(stdout).toContain('  ✓ public-keys: 1 signer: alice; policy version 1\n');
    expect(stdout).toContain('✓ nothing to fix, 1 thing worth a look');
  });

  it('outside of a repository, with no home, says what is missing and goes on', async () => {
    await using box = await sandbox();
    const { code, lines } = await doctor(box);
    expect(code).toBe(0);
    expect(lines.join('\n')).toContain('this folder is not in a git repository');
  });

  it('finds a policy with a problem, an exposed key, a clone without the merge driver, and a half-written file', async () => {
    await using box = await sandbox();
    await initialized(box);
    const key = `${box.home}/.config/holdfast/keys/alice.key`;
    await chmod(key, 0o644);
    await git(box, 'config', '--unset', 'merge.holdfast.driver');
    await box.write({ 'manifests/tides-v1.0.0.json.1234.part': '{' });
    await rename(box.path('.github/workflows/validate-manifests.yml'), box.path('.github/workflows/old.txt'));
    const { code, lines, helpOf } = await doctor(box);
    expect(code).toBe(1);
    expect(lines).toEqual([
      'warning validate-manifests: no workflow runs validate-manifests',
      'warning merge driver: git does not unite the signatures of two branches in this clone',
      'warning manifests/tides-v1.0.0.json.1234.part: half-written, by a run that was stopped',
      'error ~/.config/holdfast/keys/alice.key: others on this machine can read this private key',
      'warning target: none is named, so none was asked',
    ]);
    expect(helpOf('alice.key')).toContain(`chmod 600 ${key}`);
    expect(helpOf('merge driver')).toBe('holdfast merge --set-up');
    const policy = box.path('public-keys/policy.json');
    await writeFile(policy, (await readFile(policy, 'utf8')).replace('"version": 1', '"version": "one"'));
    expect((await doctor(box)).lines[0]).toMatch(/^error public-keys\/policy\.json:\d+: /);
  });

  it('lists the problems of a targets file, and credentials that others can read', async () => {
    await using box = await sandbox();
    await initialized(box);
    const own = `${box.home}/.config/holdfast`;
    const targets = { targets: [{ name: 'lab', kind: 'cluster', url: 'http://127.0.0.1:1' }] };
    await writeFile(`${own}/targets.json`, JSON.stringify(targets));
    await box.run(['login', 'lab', '--file', '--unchecked'], {
      input: 'me:s3cret',
      env: { HOLDFAST_KEYCHAIN: 'none' },
    });
    await chmod(`${own}/credentials/lab`, 0o644);
    const exposed = await doctor(box);
    expect(exposed.lines).toContain('error lab: others on this machine can read its credential');
    expect(exposed.helpOf('target')).toBe('holdfast doctor --target lab');
    await writeFile(`${own}/targets.json`, JSON.stringify({ targets: [{ name: 'lab', kind: 'cloud' }] }));
    expect((await doctor(box)).lines.join('\n')).toMatch(
      /error .*targets\.json:1: expected one of cluster, kubo/,
    );
  });

  it('judges what a cluster and a node are configured with: the shipped files well, the usual mistakes not', async () => {
    await using box = await sandbox();
    const shipped = ['cluster/leader.json', 'cluster/follower.json', 'kubo/config.json'].map(deployed);
    expect((await doctor(box, shipped)).lines.filter((line) => line.startsWith('error'))).toEqual([]);
    const open = '/ip4/0.0.0.0/tcp/9094';
    await box.write({
      'service.json': JSON.stringify({
        cluster: { secret: '$(cat secret)', disable_repinning: true },
        consensus: { crdt: { trusted_peers: ['*'] } },
        api: { restapi: { http_listen_multiaddress: open } },
      }),
      config: JSON.stringify({
        Identity: { PrivKey: 'CAES' },
        Addresses: { API: '/ip4/0.0.0.0/tcp/5001', Gateway: ['/ip4/0.0.0.0/tcp/8080'] },
        Datastore: { NoSync: true },
        Provide: { Strategy: 'roots' },
      }),
    });
    await chmod(box.path('service.json'), 0o644);
    await chmod(box.path('config'), 0o644);
    const { lines } = await doctor(box, ['service.json', 'config']);
    expect(
      lines.filter((line) => / (service\.json|config)\b/.test(line)).map((line) => line.split(': ')[0]),
    ).toEqual([
      'error service.json',
      'error service.json consensus.crdt.trusted_peers',
      'warning service.json cluster.disable_repinning',
      'error service.json cluster.secret',
      'warning service.json observations.metrics.enable_stats',
      'error service.json api.restapi',
      'error config',
      'error config Addresses.API',
      'warning config Gateway.NoFetch',
      'error config Datastore.NoSync',
      'warning config Provide',
    ]);
    await box.write({ 'other.json': '{}' });
    expect(await box.run(['doctor', 'other.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'other.json expected the service.json of IPFS Cluster or the config of Kubo',
      ),
    });
  });

  it('tells a gateway from a web page, a router from none, a wrong clock, and a port that nobody has', async () => {
    await using box = await sandbox();
    await using page = await webServer((_, answer) => answer.end('<html>'));
    await using late = await webServer((_, answer) => {
      answer.setHeader('date', new Date(Date.now() - 600_000).toUTCString());
      answer.end();
    });
    await using notFound = await webServer((_, answer) => answer.writeHead(404).end('404 page not found\n'));
    const places = ['--gateway', page.url, '--gateway', late.url, '--router', notFound.url];
    const { lines, code } = await doctor(box, [...places, '--cluster-url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(lines).toEqual(
      expect.arrayContaining([
        `error ${page.url}: it answers with something else than the block`,
        `warning ${late.url}: the clock there is 10 minutes behind`,
        `error ${notFound.url}: it is no router`,
        'error cluster at http://127.0.0.1:1: no answer (ECONNREFUSED)',
      ]),
    );
  });

  it('says that a target takes changes from anybody, and shows no secret', async () => {
    await using box = await sandbox();
    await using open = await webServer((_, answer) => answer.end('{"version":"1.1.6"}'));
    const run = await box.run(['doctor', '--cluster-url', open.url], { env: { CLUSTER_AUTH: 'me:s3cret' } });
    expect(run.stdout).toContain(
      `${open.url}: it asks for no credentials: whoever reaches it can change pins`,
    );
    expect(run.stdout + run.stderr).not.toContain('s3cret');
  });

  it('does not wait for a server that hangs', async () => {
    await using box = await sandbox();
    await using hung = await webServer(() => {});
    const began = performance.now();
    const { lines, code } = await doctor(box, ['--cluster-url', hung.url, '--gateway', hung.url]);
    expect(code).toBe(1);
    expect(performance.now() - began).toBeLessThan(40_000);
    expect(lines.filter((line) => line.startsWith('error') && line.includes(hung.url))).toHaveLength(2);
  });
});
