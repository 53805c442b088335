import { createHash } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openCar } from '@holdfast/content';
import { startCluster, startKubo, type TestKubo } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KuboUpload } from '../src/content/kubo-upload.ts';
import { type Sandbox, sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, initialized } from './support/repository.ts';

const never = new AbortController().signal;
/** Bytes that look random and are the same each time. */
const noise = (seed: string, length: number) =>
  createHash('shake256', { outputLength: length }).update(seed).digest();
const count = 2_000;
const size = 3_000;

async function bigData(box: Sandbox): Promise<void> {
  const files = Array.from({ length: count }, (_, i) => [`data/d${i % 20}/f${i}.bin`, noise(`${i}`, size)]);
  await box.write({ ...Object.fromEntries(files), 'data/long.bin': noise('long', 5_000_000) });
}

async function changeTen(box: Sandbox): Promise<void> {
  const changed = Array.from({ length: 10 }, (_, i) => i * 199);
  await box.write(
    Object.fromEntries(changed.map((i) => [`data/d${i % 20}/f${i}.bin`, noise(`new ${i}`, size)])),
  );
}

describe('publish to a Kubo node', { timeout: 120_000 }, () => {
  let kubo: TestKubo;
  beforeAll(async () => {
    kubo = await startKubo();
  }, 60_000);
  afterAll(() => kubo?.close());
  beforeEach(() => kubo.clean());

  const isWhole = async (cid: string) => {
    using node = new KuboUpload(kubo.urls[0] ?? '', undefined);
    return (await node.whole([cid]))[0];
  };
  const publish = async (box: Sandbox, ...more: string[]) => {
    const { document } = await box.json(['publish', 'data', '--kubo-url', kubo.urls[0] ?? '', ...more]);
    expect(document).toMatchObject({ exitCode: 0 });
    return document.result as {
      cid: string;
      blocks: number;
      bytes: number;
      sent: { blocks: number; bytes: number };
    };
  };

  it.each(['unixfs-v1-2025', 'unixfs-v0-2015'])(
    'sends a second version as what changed: %s',
    async (profile) => {
      await using box = await sandbox();
      await bigData(box);
      const first = await publish(box, '--profile', profile);
      expect(first.sent).toEqual({ blocks: first.blocks, bytes: first.bytes });
      expect((await publish(box, '--profile', profile)).sent).toEqual({ blocks: 0, bytes: 0 });
      await changeTen(box);
      const second = await publish(box, '--profile', profile);
      // Ten files, the folders that they are in, and the root.
      expect(second.sent.blocks).toBeLessThanOrEqual(10 + 10 + 1);
      const nodes = 10 * (count / 20) * 60 + 21 * 60;
      expect(second.sent.bytes).toBeLessThan(2 * 10 * size + nodes);
      expect(await isWhole(second.cid)).toBe(true);
      expect(
        (await box.run(['publish', 'data', '--kubo-url', kubo.urls[0] ?? '', '--profile', profile])).stdout,
      ).toContain('all of it was there already');
    },
  );

  it('goes on where an upload broke', async () => {
    await using box = await sandbox();
    await bigData(box);
    const car = await openCar(box.path('data'));
    using node = new KuboUpload(kubo.urls[0] ?? '', undefined);
    const { parts } = await car.missing(node, { maxBytes: 1_000_000 });
    for (const part of parts.slice(0, 7)) await node.send(part, () => {}, never);
    const arrived = parts.slice(0, 7).reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { cid, sent } = await publish(box);
    // The nodes above the rest come again: the root and some folders.
    expect(sent.bytes).toBeLessThan(car.byteLength - arrived + 200_000);
    expect(await isWhole(cid)).toBe(true);
  });

  it('sends the part again whose connection was cut', async () => {
    await using box = await sandbox();
    await bigData(box);
    let cuts = 0;
    await using proxy = await proxyTo(kubo.urls[0] ?? '', (path, socketEnd) => {
      if (path.includes('dag/import') && cuts++ === 0) socketEnd();
      return true;
    });
    const { document, stderr } = await box.json(['publish', 'data', '--kubo-url', proxy.url]);
    expect({ code: document.exitCode, stderr }).toMatchObject({ code: 0 });
    expect(cuts).toBe(2);
    expect(await isWhole(document.result.cid)).toBe(true);
  });

  it('does not believe in a subtree that lost one block', async () => {
    await using box = await sandbox();
    await bigData(box);
    const { cid } = await publish(box);
    const lost = await box.json(['cid', 'data/d7/f27.bin']);
    await kubo.nodes[0].rpc('block/rm', { arg: lost.document.result.cid });
    expect(await isWhole(cid)).toBe(false);
    const again = await publish(box);
    expect(again.sent.blocks).toBe(3);
    expect(await isWhole(cid)).toBe(true);
  });

  it('sends everything where the node does not say what it has, and says why', async () => {
    await using box = await sandbox();
    await bigData(box);
    await publish(box);
    await using proxy = await proxyTo(kubo.urls[0] ?? '', (path) => !path.includes('dag/stat'));
    const { code, stdout, stderr } = await box.run(['publish', 'data', '--kubo-url', proxy.url]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('already');
    expect(stderr).toContain('all of it was sent, because the node did not say what it has');
  });

  it('pins with --keep also what was there already', async () => {
    await using box = await sandbox();
    await box.write({ 'data/a': 'a' });
    await publish(box);
    const { cid, sent } = await publish(box, '--keep');
    expect(sent.blocks).toBe(0);
    expect(await kubo.nodes[0].rpc('pin/ls', { arg: cid })).toContain('recursive');
  });
});

describe('publish to a cluster', { timeout: 180_000 }, () => {
  it('sends a second version as what changed, which then gets its copies', async () => {
    await using cluster = await startCluster();
    const env = { CLUSTER_URL: cluster.urls.join(',') };
    await using box = await sandbox();
    await initialized(box);
    const files = Array.from({ length: 300 }, (_, i) => [`data/d${i % 6}/f${i}.bin`, noise(`${i}`, size)]);
    await box.write(Object.fromEntries(files));
    const version = async (number: string) => {
      await expectOk(box, createArgs({ version: number }));
      const file = `manifests/tides-v${number}.json`;
      await expectOk(box, ['sign', file]);
      const { document } = await box.json(['publish', 'data', '--manifest', file], { env });
      expect(document).toMatchObject({ exitCode: 0 });
      expect((await box.json(['pin', file, '--timeout', '60s'], { env })).document.result.outcome).toBe(
        'satisfied',
      );
      return document.result;
    };
    const first = await version('1.0.0');
    expect(first.sent.blocks).toBe(first.blocks);
    await box.write({ 'data/d3/f3.bin': noise('new', size), 'data/d3/f999.bin': noise('more', size) });
    const second = await version('1.1.0');
    expect(second.sent.blocks).toBe(4);
    await expectOk(box, [
      'fetch',
      'manifests/tides-v1.1.0.json',
      '-o',
      'copy',
      '--gateway',
      cluster.peers[2]?.kubo.gateway ?? '',
    ]);
    await expectOk(box, ['verify', 'manifests/tides-v1.1.0.json', '--unsigned', '--content', 'copy']);
  });
});

/** Passes requests on. `seen` may cut the connection, or refuse the request. */
async function proxyTo(
  url: string,
  seen: (path: string, cut: () => void) => boolean,
): Promise<AsyncDisposable & { readonly url: string }> {
  const target = new URL(url);
  const server = createServer((request, response) => {
    let isCut = false;
    const cut = () => {
      isCut = true;
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 500_000) request.socket.destroy();
      });
    };
    if (!seen(request.url ?? '', cut)) {
      request.resume().on('end', () => response.writeHead(403).end('forbidden'));
      return;
    }
    const onward = httpRequest(
      {
        host: target.hostname,
        port: target.port,
        path: request.url,
        method: request.method,
        headers: request.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.on('close', () => isCut && onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
