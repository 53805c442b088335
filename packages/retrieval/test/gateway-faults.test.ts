// @module-tag slow

import { createHash } from 'node:crypto';
import { fetchVerified, hashFolder, readBlock, readVerified, verifyFolder } from '@holdfast/content';
import { type FaultProxy, gatewayFaults, startFaultProxy } from '@holdfast/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DagBuilder } from '../../content/test/support/dag.ts';
import { noise, tempFolder } from '../../content/test/support/temp-folder.ts';
import { createGateways, type GatewayOptions, type Gateways } from '../src/index.ts';
import { blocksOf, type Gateway, noWait, startGateway } from './support/gateway.ts';

const chunks = Array.from({ length: 10 }, (_, i) => noise(1_048_576, i + 1));
const bigSize = 10 * 1_048_576;
const dag = new DagBuilder();
const small = dag.raw('x');
const big = {
  cid: dag.file(chunks.map((bytes) => [dag.raw(bytes), BigInt(bytes.length)] as const)),
  sha256: createHash('sha256').update(Buffer.concat(chunks)).digest('hex'),
};

/** A good gateway behind a proxy for each name; the faults strike where they are injected. */
async function behindProxies(count: number): Promise<{ proxies: FaultProxy[]; origin: Gateway }> {
  const origin = await startGateway(dag.blocks);
  const proxies = await Promise.all(Array.from({ length: count }, () => startFaultProxy(origin.url)));
  onTestFinished(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))));
  return { proxies, origin };
}

function gatewaysOf(proxies: readonly FaultProxy[], options: GatewayOptions = {}): Gateways {
  return createGateways(
    proxies.map(({ url }) => ({ kind: 'gateway', url })),
    { clock: noWait().clock, ...options },
  );
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

describe.each(Object.entries(gatewayFaults))('a gateway that %s', (_, fault) => {
  it.each(['first', 'second'])(
    'beside a good one, listed %s, costs neither the file nor much of the bytes',
    async (place) => {
      const { proxies, origin } = await behindProxies(2);
      const [bad, good] = (place === 'first' ? proxies : proxies.toReversed()) as [FaultProxy, FaultProxy];
      bad.inject(fault);
      expect(await sha256Of(readVerified(big.cid, gatewaysOf(proxies)))).toBe(big.sha256);
      // The bar is 1.2, which the benchmark holds; a busy machine seems slow, and a slow gateway is hedged.
      expect(bad.bytesSent() + good.bytesSent()).toBeLessThan(1.6 * bigSize);
      // Each block is got from the origin once; a block more for each that was asked for twice.
      expect(origin.requests.length).toBeLessThanOrEqual(2 * 11);
    },
  );

  it('that begins so in the middle of a file is left', async () => {
    const { proxies } = await behindProxies(2);
    const source = gatewaysOf(proxies);
    await readBlock(small, source);
    const [first, second] = proxies as [FaultProxy, FaultProxy];
    const bad = source.report()[0]?.state === 'ok' ? first : second;
    bad.inject(fault);
    expect(await sha256Of(readVerified(big.cid, source))).toBe(big.sha256);
    expect(first.bytesSent() + second.bytesSent()).toBeLessThan(1.7 * bigSize);
  });
});

it.each(['hangs', 'stalls', 'drips', 'isSlow', 'givesUp'] as const)(
  'gets past two gateways of three where each %s',
  async (name) => {
    const { proxies } = await behindProxies(3);
    for (const proxy of proxies.slice(0, 2)) proxy.inject(gatewayFaults[name]);
    const source = gatewaysOf(proxies);
    expect(await sha256Of(readVerified(big.cid, source))).toBe(big.sha256);
    expect(source.report().map(({ blocks }) => blocks)).toEqual([0, 0, 11]);
  },
);

it('gets a folder from a dead, a lying and a good gateway, and says which gave what', async () => {
  const folder = tempFolder({ 'a/big': noise(bigSize), ...Object.fromEntries(names(40)) });
  const hash = await hashFolder(folder);
  const origin = await startGateway(await blocksOf(folder));
  const [dead, liar, good] = await Promise.all([1, 2, 3].map(() => startFaultProxy(origin.url)));
  onTestFinished(async () => void (await Promise.all([liar?.close(), good?.close()])));
  await dead?.close();
  liar?.inject(gatewayFaults.lies);
  const given = new Map<string, number>();
  const source = gatewaysOf([dead, liar, good] as FaultProxy[], {
    onBlock: ({ source, bytes }) => void given.set(source, (given.get(source) ?? 0) + bytes),
  });
  const to = tempFolder();
  await fetchVerified(hash.cid, source, { to });
  expect(await verifyFolder(to, hash)).toMatchObject({ ok: true });
  const report = source.report();
  expect(report.map(({ state }) => state)).toEqual(['failing', 'excluded', 'ok']);
  expect(report[1]?.lastFault).toMatch(/other bytes than the CID names/);
  expect([...given]).toEqual([[good?.url, report[2]?.bytes]]);
  expect(report[2]?.bytes).toBeGreaterThan(bigSize);
  expect(report[2]?.p50Ms).toBeGreaterThan(0);
  expect(report[2]?.p99Ms).toBeGreaterThanOrEqual(report[2]?.p50Ms ?? Number.NaN);
});

describe('all gateways at fault', () => {
  it('end in an error that names each with its fault', async () => {
    const { proxies } = await behindProxies(3);
    const faults = [gatewayFaults.lies, gatewayFaults.sendsPage, gatewayFaults.limits];
    for (const [i, proxy] of proxies.entries()) proxy.inject(faults[i] as (typeof faults)[number]);
    await expect(readBlock(small, gatewaysOf(proxies))).rejects.toThrow(
      /other bytes than the CID names; .* answered with a web page.*; .* was answered 429/,
    );
  });

  it('hung, cost the longest silence twice and no more', async () => {
    const { proxies } = await behindProxies(2);
    for (const proxy of proxies) proxy.inject(gatewayFaults.hangs);
    await expect(readBlock(small, gatewaysOf(proxies, { idleMs: 200 }))).rejects.toThrow(/0.2 s of silence/);
    expect(proxies.map(({ requests }) => requests.length)).toEqual([2, 2]);
  });
});

describe('those who ask for one block at once', () => {
  it('make one request', async () => {
    const { proxies, origin } = await behindProxies(1);
    proxies[0]?.inject({ kind: 'slow', delayMs: 100 });
    const source = gatewaysOf(proxies);
    const all = await Promise.all(Array.from({ length: 50 }, () => readBlock(small, source)));
    expect(new Set(all.map((bytes) => Buffer.from(bytes).toString()))).toEqual(new Set(['x']));
    expect(origin.requests).toHaveLength(1);
  });

  it('do not go when the first gives up, and the request ends with the last of them', async () => {
    const { proxies } = await behindProxies(1);
    const release = proxies[0]?.inject({ kind: 'slow', delayMs: 200 });
    const source = gatewaysOf(proxies);
    const first = new AbortController();
    const leaving = readBlock(small, source, { signal: first.signal });
    const staying = readBlock(small, source);
    first.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    expect(await staying).toHaveLength(1);
    release?.();
    proxies[0]?.inject(gatewayFaults.hangs);
    const both = [new AbortController(), new AbortController()];
    const hanging = both.map(({ signal }) => readBlock(big.cid, source, { signal }));
    for (const each of both) each.abort(new Error('enough'));
    for (const each of hanging) await expect(each).rejects.toThrow('enough');
    await expect.poll(() => openConnections(proxies)).toBe(0);
  });
});

function names(count: number): [string, string][] {
  return Array.from({ length: count }, (_, i) => [`many/${i}`, `${i}`]);
}

/** Requests that the client has neither read to their end nor cut. */
function openConnections(proxies: readonly FaultProxy[]): number {
  return proxies.reduce((sum, proxy) => sum + proxy.openRequests(), 0);
}
