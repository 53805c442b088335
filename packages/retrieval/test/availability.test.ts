import { type FaultProxy, gatewayFaults, startFaultProxy } from '@holdfast/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DagBuilder } from '../../content/test/support/dag.ts';
import { slaOf } from '../src/availability/sla.ts';
import {
  type AvailabilityReport,
  createMonitor,
  type MonitorOptions,
  RetrievalMetrics,
} from '../src/index.ts';
import { startGateway } from './support/gateway.ts';

const dag = new DagBuilder();
const sentinel = dag.raw('the sentinel');
const copied = dag.raw('copied');
const hour = 3_600_000;

async function places(count: number): Promise<FaultProxy[]> {
  const origin = await startGateway(dag.blocks);
  const proxies = await Promise.all(Array.from({ length: count }, () => startFaultProxy(origin.url)));
  onTestFinished(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))));
  return proxies;
}

function monitorOf(proxies: readonly FaultProxy[], options: Partial<MonitorOptions> = {}) {
  const sources = proxies.map(({ url }, i) => ({
    kind: 'gateway' as const,
    url,
    region: i < 2 ? 'eu' : 'us',
  }));
  return createMonitor(sources, { sentinel, ...options });
}

describe('a monitor', () => {
  it('tells places that serve from places that only answer', async () => {
    const [good, liar, page] = (await places(3)) as [FaultProxy, FaultProxy, FaultProxy];
    liar.inject(gatewayFaults.lies);
    page.inject(gatewayFaults.sendsPage);
    const monitor = monitorOf([good, liar, page]);
    const report = await monitor.round();
    expect(report.places.map(({ state }) => state)).toEqual(['up', 'failing', 'failing']);
    expect(report.places[1]?.lastFault).toMatch(/other bytes/);
    expect(report.regions).toEqual([
      { region: 'eu', up: 1, places: 2 },
      { region: 'us', up: 0, places: 1 },
    ]);
    expect(report.places[0]?.p50Ms).toBeGreaterThan(0);
  });

  it('calls a place down after three failures in a row, and up after one success', async () => {
    const [place] = (await places(1)) as [FaultProxy];
    const monitor = monitorOf([place]);
    const release = place.inject(gatewayFaults.fails);
    const states = [];
    for (let i = 0; i < 3; i++) states.push((await monitor.round()).places[0]?.state);
    release();
    states.push((await monitor.round()).places[0]?.state);
    expect(states).toEqual(['failing', 'failing', 'down', 'up']);
  });

  it('waits for a hung place as long as it is told, and for no other', async () => {
    const [good, hung] = (await places(2)) as [FaultProxy, FaultProxy];
    hung.inject(gatewayFaults.hangs);
    const report = await monitorOf([good, hung], { timeoutMs: 500 }).round();
    expect(report.places.map(({ state }) => state)).toEqual(['up', 'failing']);
    expect(report.places[1]?.lastFault).toMatch(/0.5 s/);
  });

  it('asks about copies without causing a fetch', async () => {
    const [has, lacks, says] = (await places(3)) as [FaultProxy, FaultProxy, FaultProxy];
    lacks.inject({ kind: 'answer', status: 412, body: 'not cached' }, { path: copied });
    says.inject(gatewayFaults.fails, { path: copied });
    const report = await monitorOf([has, lacks, says], { cids: [copied] }).round();
    expect(report.places.map(({ copies }) => copies[copied])).toEqual(['here', 'elsewhere', 'unknown']);
  });

  it('runs rounds from start to stop, and nothing after', async () => {
    const [place] = (await places(1)) as [FaultProxy];
    let rounds = 0;
    const twice = new Promise<void>((resolve) => {
      const monitor = monitorOf([place], {
        intervalMs: 1,
        onRound: () => {
          rounds += 1;
          if (rounds === 2) resolve(monitor.stop());
        },
      });
      monitor.start();
      monitor.start();
    });
    await twice;
    expect(rounds).toBe(2);
    const asked = place.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([rounds, place.requests.length]).toEqual([2, asked]);
  });

  it('stops in the middle of a round', async () => {
    const [place] = (await places(1)) as [FaultProxy];
    place.inject(gatewayFaults.hangs);
    const monitor = monitorOf([place], { timeoutMs: 600_000 });
    monitor.start();
    await expect.poll(() => place.requests.length).toBe(1);
    await monitor.stop();
    await expect.poll(() => place.openRequests()).toBe(0);
    expect(monitor.report().places[0]?.state).toBe('unknown');
  });

  it('refuses what it cannot look at', () => {
    const place = [{ kind: 'gateway' as const, url: 'http://127.0.0.1:1' }];
    expect(() => createMonitor([], { sentinel })).toThrow('at least one source');
    expect(() => createMonitor(place, { sentinel: 'bafkqaaa' })).toThrow('SHA-256');
    expect(() => createMonitor(place, { sentinel, intervalMs: Number.NaN })).toThrow('"intervalMs"');
  });
});

describe('the SLA', () => {
  const samples = (good: number, bad: number) =>
    Array.from({ length: good + bad }, (_, i) => ({ at: i + 1, ok: i >= bad, ms: 1 }));

  it.each([
    [0, 0, 'too-few'],
    [999, 0, 'too-few'],
    [1000, 0, 'met'],
    [1998, 2, 'met'],
    [1997, 3, 'missed'],
    [0, 999, 'too-few'],
  ] as const)('of %i good rounds and %i bad ones at 0.999 is %s', (good, bad, verdict) => {
    const report = slaOf(samples(good, bad), 0.999, 24 * hour, 10_000);
    expect(report).toMatchObject({ verdict, samples: good + bad, needed: 1000 });
  });

  it('counts what is in the window', () => {
    const report = slaOf(samples(1000, 500), 0.99, 1000, 1500);
    expect(report).toMatchObject({ verdict: 'met', samples: 1000, availability: 1 });
  });

  it.each([0, 1, 1.5, Number.NaN])('refuses a target of %d', (target) => {
    expect(() => slaOf([], target, hour, 0)).toThrow('"target" expected a share between 0 and 1');
  });

  it('of a monitor counts a round as good when one place served', async () => {
    const [good, bad] = (await places(2)) as [FaultProxy, FaultProxy];
    bad.inject(gatewayFaults.fails);
    const monitor = monitorOf([good, bad]);
    for (let i = 0; i < 4; i++) await monitor.round();
    expect(monitor.checkSla(0.5, hour)).toMatchObject({ verdict: 'met', samples: 4, availability: 1 });
    good.inject(gatewayFaults.fails);
    for (let i = 0; i < 5; i++) await monitor.round();
    expect(monitor.checkSla(0.5, hour)).toMatchObject({ verdict: 'missed', samples: 9, availability: 4 / 9 });
    expect(monitor.checkSla(0.999, 24 * hour).verdict).toBe('too-few');
  });
});

describe('metrics', () => {
  it('are held against targets', () => {
    const cache = { hits: 6, misses: 4 };
    const metrics = new RetrievalMetrics({ cache });
    for (let ms = 1; ms <= 100; ms++) metrics.onBlock({ ms });
    expect(metrics.report()).toMatchObject({
      requests: 100,
      p50Ms: 50,
      p95Ms: 95,
      p99Ms: 99,
      meanMs: 50.5,
      hitRate: 0.6,
      missed: [],
    });
    for (let i = 0; i < 10; i++) metrics.onBlock({ ms: 20_000 });
    expect(new RetrievalMetrics({ cache: { hits: 1, misses: 1 } }).report().missed).toEqual(['hitRate']);
    expect(metrics.report().missed).toEqual(['p95Ms', 'meanMs']);
  });

  it('know nothing before the first block', () => {
    expect(new RetrievalMetrics().report()).toMatchObject({ requests: 0, p95Ms: undefined, missed: [] });
  });

  it("are in Prometheus's format", () => {
    const metrics = new RetrievalMetrics({ cache: { hits: 1, misses: 2 } });
    metrics.onBlock({ ms: 250 });
    const lines = metrics.prometheus().split('\n');
    expect(lines).toContain('holdfast_retrieval_block_seconds{quantile="0.95"} 0.25');
    expect(lines).toContain('holdfast_retrieval_block_seconds_count 1');
    expect(lines).toContain('holdfast_retrieval_cache_requests_total{result="hit"} 1');
    for (const line of lines.filter((each) => each !== '' && !each.startsWith('#')))
      expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[^"]*"\})? (NaN|[\d.]+)$/);
    expect(lines.at(-1)).toBe('');
  });
});

it('reports what onRound gets', async () => {
  const [place] = (await places(1)) as [FaultProxy];
  let seen: AvailabilityReport | undefined;
  const monitor = monitorOf([place], { onRound: (report) => (seen = report) });
  expect(await monitor.round()).toEqual(seen);
});
