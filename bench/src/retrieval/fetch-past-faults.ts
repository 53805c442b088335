import { randomBytes } from 'node:crypto';
import { readVerified } from '@holdfast/content';
import { createGateways } from '@holdfast/retrieval';
import { type FaultProxy, gatewayFaults, startFaultProxy, startKubo } from '@holdfast/testkit';
import type { Benchmark, Target } from '../harness/benchmark.ts';
import { median } from '../harness/statistics.ts';

const size = 10 * 1_048_576;

const faults = {
  hung: gatewayFaults.hangs,
  slow: gatewayFaults.isSlow,
  dripping: gatewayFaults.drips,
  lying: gatewayFaults.lies,
  failing: gatewayFaults.fails,
} as const;

/** 10 MiB from a real Kubo through two proxies, of which one is at fault, to the same with both well. */
export const fetchPastFaults: Benchmark = {
  name: 'fetch-past-faults',
  says: '10 MiB from two gateways of which one is at fault, against the same with both well',
  quick: true,
  run: async ({ runs, log, onCleanup }) => {
    const kubo = await startKubo();
    onCleanup(() => kubo.close());
    const [node] = kubo.nodes;
    const cid = await kubo.addContent(randomBytes(size));
    const proxies = await Promise.all([0, 1].map(() => startFaultProxy(node?.gateway ?? '')));
    onCleanup(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))));
    const [first] = proxies as [FaultProxy, FaultProxy];
    await fetchOnce(cid, proxies);

    const seen = new Map(
      Object.keys(faults).map((name) => [name, { times: [] as number[], bytes: [] as number[] }]),
    );
    for (let run = 0; run < runs; run++) {
      for (const [name, fault] of Object.entries(faults)) {
        const well = await fetchOnce(cid, proxies);
        const release = first.inject(fault);
        const ill = await fetchOnce(cid, proxies);
        release();
        seen.get(name)?.times.push(ill.seconds / well.seconds);
        seen.get(name)?.bytes.push(ill.bytes / size);
        log(
          `${name}: ${ill.seconds.toFixed(3)} s, both well ${well.seconds.toFixed(3)} s, ${(ill.bytes / size).toFixed(2)} × the bytes`,
        );
      }
    }
    const targets = [...seen].flatMap(([name, { times, bytes }]): Target[] => [
      {
        name: `one ${name} gateway of two: time to both well`,
        limit: 1.5,
        sense: 'at-most',
        seen: median(times),
        unit: '×',
      },
      {
        name: `one ${name} gateway of two: bytes to those of the file`,
        limit: 1.2,
        sense: 'at-most',
        seen: median(bytes),
        unit: '×',
      },
    ]);
    return {
      comparisons: [],
      targets,
      notes: ['Each fetch is a new pool, which knows neither gateway. The faulty one is listed first.'],
    };
  },
};

async function fetchOnce(
  cid: string,
  proxies: readonly FaultProxy[],
): Promise<{ seconds: number; bytes: number }> {
  const before = proxies.reduce((sum, proxy) => sum + proxy.bytesSent(), 0);
  const source = createGateways(proxies.map(({ url }) => ({ kind: 'gateway', url })));
  const started = performance.now();
  let read = 0;
  for await (const part of readVerified(cid, source)) read += part.length;
  const seconds = (performance.now() - started) / 1000;
  if (read !== size) throw new Error(`expected ${size} bytes, got ${read}`);
  return { seconds, bytes: proxies.reduce((sum, proxy) => sum + proxy.bytesSent(), 0) - before };
}
