import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cluster, inputs, scene, setStage, tides } from './support/stage.ts';

setStage();

/** A router that knows the nodes behind so many peers of the cluster, and nobody else. */
async function routerOf(nodes: readonly string[]): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    if (!/^\/routing\/v1\/providers\/bafy\w+$/.test(url)) return void response.writeHead(400).end();
    const providers = nodes.map((id) => ({ Schema: 'peer', ID: id, Addrs: [] }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ Providers: providers }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function nodesOfCluster(): Promise<string[]> {
  const answer = await fetch(`${cluster.urls[0]}/peers`, { headers: { authorization: authorization() } });
  const text = await answer.text();
  return [...text.matchAll(/"ipfs":\s*\{\s*"id":\s*"(\w+)"/g)].map(([, id = '']) => id);
}

const authorization = () => {
  const { 'cluster-auth': auth = '' } = inputs({}) as Record<string, string>;
  return `Basic ${Buffer.from(auth).toString('base64')}`;
};

describe('whether readers find what is pinned', { timeout: 180_000 }, () => {
  it('is said on the page and in the log, and does not make the run red', async () => {
    await cluster.addContent(tides);
    await scene.merge(scene.alice.manifest('tides', tides, { version: '1.0.0' }));
    const nodes = await nodesOfCluster();
    expect(nodes).toHaveLength(3);
    const routers = [await routerOf(nodes.slice(0, 1)), 'http://127.0.0.1:1'].join('\n');
    const some = await scene.onPush({ inputs: inputs({ routers }) });
    expect(some.exitCode, some.stdout).toBe(0);
    expect(some.stdout).toMatch(/tides@1\.0\.0: pinned on [23], findable on [01]/);
    expect(some.summary).toContain('### Can readers find it?');
    const all = await scene.onSchedule({ inputs: inputs({ routers: await routerOf(nodes) }) });
    expect(all.summary).toMatch(/✅ .*tides.*: pinned on ([23]), findable on \1/);
    const blind = await scene.onSchedule({ inputs: inputs({ routers: 'http://127.0.0.1:1' }) });
    expect(blind.exitCode, blind.stdout).toBe(0);
    expect(blind.summary).toContain('not known where it can be found');
  });
});
