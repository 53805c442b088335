import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startFaultProxy } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { pinsOf } from './support/pinset.ts';
import type { PinResult } from './support/scene.ts';
import { auth, bearerToken, cluster, inputs, scene, setStage, tides } from './support/stage.ts';

setStage({ auth });

const errorsOf = (result: PinResult) => result.annotations.filter(({ level }) => level === 'error');

/** Ends in time, red, with one error that says what and what to do. */
async function fails(options: Readonly<Record<string, string>>, withinMs: number): Promise<PinResult> {
  const began = performance.now();
  const result = await scene.onPush({ inputs: inputs(options) });
  expect(performance.now() - began).toBeLessThan(withinMs);
  expect(errorsOf(result)).toHaveLength(1);
  expect(result.stderr).toBe('');
  return result;
}

describe('a run that cannot', { timeout: 120_000 }, () => {
  it('be let in says which credentials were refused, and not what they are', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await fails({ 'cluster-auth': 'pinner:a-wrong-password' }, 20_000);
    expect(result.exitCode).toBe(3);
    expect(errorsOf(result)[0]?.message).toMatch(/401|refused/i);
    expect(result.outputs).toMatchObject({ satisfied: '0', failed: '1' });
    expect(result.summary).toContain('Nothing could be done');
    expect(result.summary).not.toContain('a-wrong-password');
  });

  it('reach anybody names the endpoints', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const port = await closedPort();
    const result = await fails({ 'cluster-url': `http://127.0.0.1:${port}` }, 30_000);
    expect(result.exitCode).toBe(3);
    expect(errorsOf(result)[0]?.message).toContain(`127.0.0.1:${port}`);
    expect(result.outputs.failed).toBe('1');
  });

  it('get an answer ends with its time', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    await using proxy = await startFaultProxy(cluster.urls[0] ?? '');
    proxy.inject({ kind: 'hang' });
    const result = await fails({ 'cluster-url': proxy.url, timeout: '4s' }, 15_000);
    expect(result.exitCode).toBe(3);
    expect(result.outputs.failed).toBe('1');
  });

  it('fetch the commit before the push ends with its time', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    await using proxy = await startFaultProxy('http://127.0.0.1:9');
    proxy.inject({ kind: 'hang' });
    const clone = await scene.repository.shallowClone();
    await clone.git('remote', 'set-url', 'origin', `${proxy.url}/datasets.git`);
    const began = performance.now();
    const result = await scene.onPush({ cwd: clone.path, inputs: inputs({ timeout: '3s' }) });
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(result.exitCode).toBe(3);
    expect(errorsOf(result).map(({ message }) => message)).toEqual(['git fetch was stopped before it ended']);
  });

  it('fetch it at all says what to set, and ends', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const clone = await scene.repository.shallowClone();
    await clone.git('remote', 'set-url', 'origin', join(scene.folder, 'nowhere'));
    const result = await scene.onPush({ cwd: clone.path, inputs: inputs() });
    expect(result.exitCode).toBe(3);
    expect(errorsOf(result).map(({ message }) => message)).toEqual([
      expect.stringContaining('"fetch-depth: 0"'),
    ]);
  });

  it('know where to pin is refused as misuse', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({ inputs: {} });
    expect(result.exitCode).toBe(2);
    expect(errorsOf(result).map(({ message }) => message)).toEqual([
      'inputs expected one of "cluster-url", "kubo-url", "pinning-service" and "targets", got none; set one of them',
    ]);
  });

  it('have as many peers as the tier wants makes the copies it can, and is degraded', async () => {
    const cid = await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { tier: 'critical' }));
    const result = await fails({ timeout: '30s' }, 40_000);
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([
      { verdict: 'degraded', copies: 3, todo: expect.stringContaining('Add peers') },
    ]);
    expect((await pinsOf(cluster))[cid]?.copies).toBe(3);
  });

  it('find the content says so', async () => {
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await fails({ timeout: '8s' }, 25_000);
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([
      { verdict: 'failed', copies: 0, todo: expect.stringContaining('holdfast publish') },
    ]);
  });
});

describe('endpoints', { timeout: 120_000 }, () => {
  it('are tried in turn', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const dead = `http://127.0.0.1:${await closedPort()}`;
    const result = await scene.onPush({
      inputs: inputs({ 'cluster-url': [dead, ...cluster.urls].join('\n') }),
    });
    expect(result.exitCode).toBe(0);
  });

  it('and credentials may come from the environment', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({
      env: { CLUSTER_URL: cluster.urls.join('\n'), CLUSTER_AUTH: `${auth.user}:${auth.password}` },
    });
    expect(result).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
  });

  it('take the bearer token that the cluster issues', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const token = await bearerToken();
    const result = await scene.onPush({ inputs: inputs({ 'cluster-auth': token }) });
    expect(result).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
    expect(unmasked(result)).not.toContain(token);
  });
});

describe('a target that falters', { timeout: 120_000 }, () => {
  it('while the plan is made is asked again', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    await using proxy = await startFaultProxy(cluster.urls[0] ?? '');
    proxy.inject({ kind: 'cut', afterBytes: 20 }, { path: '/peers', times: 1 });
    const result = await scene.onPush({ inputs: inputs({ 'cluster-url': proxy.url }) });
    expect(result).toMatchObject({ exitCode: 0, outputs: { satisfied: '1' } });
    expect(proxy.requests.filter(({ fault }) => fault)).toHaveLength(1);
  });

  it('in writing down a later end is red, though the copies of now are enough', async () => {
    const cid = await cluster.addContent(tides);
    const manifest = scene.alice.manifest('tides', tides, { expires: '2037-01-01T00:00:00Z' });
    await scene.merge(manifest);
    expect((await scene.onPush({ inputs: inputs() })).exitCode).toBe(0);
    const dataset = { ...manifest.dataset, revision: 2, expires: '2039-01-01T00:00:00Z' };
    await scene.merge(scene.alice.sign({ dataset, signatures: [] }));
    await using proxy = await startFaultProxy(cluster.urls[0] ?? '');
    proxy.inject({ kind: 'answer', status: 403, body: '{"message":"read only"}' }, { method: 'POST' });
    const result = await scene.onPush({ inputs: inputs({ 'cluster-url': proxy.url, timeout: '20s' }) });
    expect(result.exitCode).toBe(1);
    expect(result.results).toMatchObject([
      { cid, verdict: 'degraded', step: 'extend', copies: 3, error: 'unauthorized' },
    ]);
    expect(result.outputs).toMatchObject({ satisfied: '0', degraded: '1' });
    expect(result.outputs.receipt).toBeUndefined();
  });
});

describe('the secret', { timeout: 120_000 }, () => {
  it.each([
    ['on success', {}],
    ['when refused', { 'cluster-auth': `${auth.user}:not-${auth.password}` }],
    ['when it is half of what is expected', { 'cluster-auth': `:${auth.password}` }],
    ['in an address', { 'cluster-url': `http://${auth.user}:${auth.password}@127.0.0.1:1` }],
  ])('appears nowhere %s', async (_, changes) => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({ inputs: inputs(changes) });
    const seen = unmasked(result);
    for (const secret of secretsOf(auth.password)) expect(seen).not.toContain(secret);
  });

  it('would be seen if it did appear', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides));
    const result = await scene.onPush({ inputs: inputs() });
    expect(result.stdout).toContain(`::add-mask::${auth.password}`);
    expect(
      unmasked({ ...result, summary: Buffer.from(`pinner:${auth.password}`).toString('base64') }),
    ).toContain(secretsOf(auth.password)[1]);
  });
});

function secretsOf(password: string): string[] {
  return [
    password,
    Buffer.from(`${auth.user}:${password}`).toString('base64'),
    encodeURIComponent(`:${password}`),
  ];
}

/** All that a run leaves behind, but for the lines that tell the runner what to hide. */
function unmasked(result: PinResult): string {
  const log = result.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  const receipt = result.outputs.receipt;
  const files = receipt === undefined ? '' : readFileSync(receipt, 'utf8');
  return [...log, result.stderr, result.summary, JSON.stringify(result.outputs), files].join('\n');
}

/** A port that nobody listens on. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
