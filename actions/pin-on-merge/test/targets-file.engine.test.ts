import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auth, cluster, scene, setStage, tides } from './support/stage.ts';

setStage({ auth });

const file = '.holdfast/targets.json';
const secret = `${auth.user}:${auth.password}`;
const env = { HOLDFAST_EU_AUTH: secret };
const inputs = { targets: file, timeout: '60s', prove: 'require' };
let nodes: TestKubo;

beforeAll(async () => {
  nodes = await startKubo({ nodes: 2 });
  for (const node of nodes.nodes) for (const { kubo } of cluster.peers) await node.connect(kubo);
}, 120_000);
afterAll(() => nodes?.close());

const targetsFile = (more: readonly object[] = [], url = cluster.urls) => ({
  targets: [
    { name: 'eu', kind: 'cluster', urls: url, auth: { env: 'HOLDFAST_EU_AUTH' } },
    ...nodes.urls.map((url, index) => ({ name: `node-${index}`, kind: 'kubo', url })),
    ...more,
  ],
  regions: { south: { targets: ['node-0', 'node-1'], quorum: 2 } },
});

async function commit(value: object): Promise<void> {
  await scene.repository.write({ [file]: JSON.stringify(value) });
  await scene.push('Name the targets');
}

describe('a merge with a targets file', { timeout: 120_000 }, () => {
  it('is pinned over all of its targets, proved at each, and its secret is said nowhere', async () => {
    await commit(targetsFile([{ name: 'disk', kind: 'local', folder: 'copies' }]));
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'critical' }));
    const result = await scene.onPush({ inputs, env });
    expect(result, result.stdout).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.results).toMatchObject([{ verdict: 'satisfied', copies: 5 }]);
    expect(result.results[0]?.reason).toMatch(/ in .*eu.*, south/);
    expect(result.summary).toContain('targets eu and 2 more');
    expect(result.stdout).toContain('target disk is a folder, which a runner does not have: it is left out');
    const proofs = JSON.parse(result.outputs.proofs ?? '[]') as { verdict: string }[];
    expect(proofs.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 5 }, () => 'proved'));
    expect(result.visible + result.summary + JSON.stringify(result.outputs)).not.toContain(auth.password);
    const again = await scene.onPush({ inputs, env });
    expect(again.outputs.satisfied).toBe('1');
  });

  it('passes over a target that is lost, and names it where people look', async () => {
    await commit(targetsFile([{ name: 'lost', kind: 'cluster', url: 'http://127.0.0.1:1' }]));
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'standard' }));
    const result = await scene.onPush({ inputs, env });
    expect(result, result.stdout).toMatchObject({ exitCode: 0 });
    expect(result.summary).toMatch(/lost is passed over: .*ECONNREFUSED/);
    expect(result.summary).toContain('5 of 6 peers up');
  });

  it('without its credential, or with a mistake in the file, is refused before anything is asked', async () => {
    await commit(targetsFile());
    await scene.merge(scene.alice.manifest('tides', tides));
    const none = await scene.onPush({ inputs });
    expect(none.exitCode).toBe(2);
    expect(none.stdout).toContain(
      'target eu of .holdfast/targets.json expected its credential in HOLDFAST_EU_AUTH, got none',
    );
    await commit({
      targets: [{ name: 'eu', kind: 'cluster', url: 'https://a.example', auth: { env: 'AWS_SECRET' } }],
    });
    const wrong = await scene.onPush({ inputs, env: { AWS_SECRET: 'x' } });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stdout).toContain('.holdfast/targets.json:1:');
    expect(wrong.stdout).toContain('may name variables that begin with HOLDFAST_, not AWS_SECRET');
    const missing = await scene.onPush({ inputs: { ...inputs, targets: 'targets.json' }, env });
    expect(missing.stdout).toContain(
      'expected a file of the repository, got targets.json, which is not there',
    );
    const both = await scene.onPush({ inputs: { ...inputs, 'cluster-url': cluster.urls[0] ?? '' }, env });
    expect(both.stdout).toContain('inputs "targets" and "cluster-url" expected one of them');
  });

  it('takes no targets from a pull request: it must not say where credentials go', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.writeHead(500).end();
    }).listen(0, '127.0.0.1');
    try {
      await commit(targetsFile());
      const base = scene.head;
      const theirs = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await scene.repository.write({ [file]: JSON.stringify(targetsFile([], [theirs])) });
      await scene.merge(scene.alice.manifest('tides', tides));
      const event = {
        pull_request: {
          number: 7,
          head: { sha: scene.head, repo: { full_name: 'holdfast-data/datasets' } },
          base: { sha: base, ref: 'main', repo: { full_name: 'holdfast-data/datasets' } },
        },
        repository: { full_name: 'holdfast-data/datasets', default_branch: 'main' },
      };
      const clone = await scene.repository.clone({ depth: Number.POSITIVE_INFINITY });
      const result = await scene.run({ eventName: 'pull_request', event, cwd: clone.path, inputs, env });
      expect(result.stdout).toContain('Target: targets eu, node-0, node-1; 5 of 5 peers up');
      expect(asked).toBe(0);
    } finally {
      server.close();
    }
  });
});
