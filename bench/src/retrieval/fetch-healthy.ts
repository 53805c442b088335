import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fetchFrom } from '@holdfast/content/read';
import { createGateways } from '@holdfast/retrieval';
import { startFaultProxy, startKubo } from '@holdfast/testkit';
import type { Benchmark, Target } from '../harness/benchmark.ts';
import { median } from '../harness/statistics.ts';
import { npmPeer } from './npm-peer.ts';

interface Work {
  readonly name: string;
  readonly paths: readonly string[];
  readonly atOnce: number;
  readonly bytes: number;
}

interface Fetched {
  readonly seconds: number;
  readonly bytes: number;
}

type Side = (work: Work) => Promise<Fetched>;

/** How far away the gateways are. On loopback alone what is measured is the gateway itself. */
const awayMs = 30;

/** One block, 10 MiB, and 1,000 files from three gateways: verified by us, by @helia/verified-fetch, and by nobody. */
export const fetchHealthy: Benchmark = {
  name: 'fetch-healthy',
  says: 'one block, 10 MiB and 1,000 files from three gateways that are well and 30 ms away: Holdfast, @helia/verified-fetch, and plain fetch, which verifies nothing',
  quick: false,
  run: async ({ node, runs, log, onCleanup }) => {
    const kubo = await startKubo();
    onCleanup(() => kubo.close());
    const proxies = await Promise.all([0, 1, 2].map(() => startFaultProxy(kubo.nodes[0].gateway)));
    onCleanup(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))));
    for (const proxy of proxies) proxy.inject({ kind: 'slow', delayMs: awayMs });
    const gateways = proxies.map(({ url }) => url);
    const sent = () => proxies.reduce((sum, proxy) => sum + proxy.bytesSent(), 0);
    const folder = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, i) => [`${i}.bin`, randomBytes(10_000)]),
    );
    const many = await kubo.addContent(folder);
    const works: Work[] = [
      { name: 'one block', paths: [await kubo.addContent(randomBytes(1_000))], atOnce: 1, bytes: 1_000 },
      { name: '10 MiB', paths: [await kubo.addContent(randomBytes(10 << 20))], atOnce: 1, bytes: 10 << 20 },
      {
        name: '1,000 files',
        paths: Object.keys(folder).map((path) => `${many}/${path}`),
        atOnce: 16,
        bytes: 10_000_000,
      },
    ];
    const helia = verifiedFetchSide(node, await npmPeer('verified-fetch'), gateways);
    onCleanup(async () => helia.stop());
    const sides: Record<string, Side> = {
      holdfast: (work) =>
        timed(work, fetchFrom(createGateways(gateways.map((url) => ({ kind: 'gateway', url })))), 'ipfs://'),
      'verified-fetch': helia.side,
      'plain fetch': (work) => timed(work, fetch, `${gateways[0]}/ipfs/`),
    };
    const targets: Target[] = [];
    for (const work of works) {
      const times = new Map<string, number[]>();
      const sizes = new Map<string, number>();
      for (let run = 0; run <= runs; run++) {
        for (const [name, side] of Object.entries(sides)) {
          const before = sent();
          const { seconds, bytes } = await side(work);
          sizes.set(name, sent() - before);
          if (bytes !== work.bytes) throw new Error(`${name}: expected ${work.bytes} bytes, got ${bytes}`);
          // The first is a warm-up.
          if (run > 0) times.set(name, [...(times.get(name) ?? []), seconds]);
        }
      }
      const ratio = (other: string) =>
        median(
          (times.get('holdfast') ?? []).map((ours, at) => ours / (times.get(other)?.[at] ?? Number.NaN)),
        );
      log(
        `${work.name}: ${[...times].map(([name, all]) => `${name} ${(median(all) * 1000).toFixed(1)} ms`).join(', ')}`,
      );
      targets.push(
        {
          name: `${work.name}: time to that of @helia/verified-fetch`,
          // Plain fetch, which verifies nothing, takes 0.8 of it for one block and 0.3 for the others: that is the floor.
          limit: work.atOnce === 1 && work.bytes < 1e6 ? 1 : 0.9,
          sense: 'at-most',
          seen: ratio('verified-fetch'),
          unit: '×',
        },
        {
          name: `${work.name}: bytes to those of @helia/verified-fetch`,
          limit: 0.75,
          sense: 'at-most',
          seen: (sizes.get('holdfast') ?? Number.NaN) / (sizes.get('verified-fetch') ?? Number.NaN),
          unit: '×',
        },
      );
      log(
        `${work.name}: ${ratio('plain fetch').toFixed(2)} × plain fetch; bytes: ${[...sizes].map(([name, size]) => `${name} ${(size / work.bytes).toFixed(2)} ×`).join(', ')}`,
      );
    }
    return {
      comparisons: [],
      targets,
      notes: [
        'Each fetch is a new pool or a new node, which has no block. @helia/verified-fetch runs without libp2p, so that it asks the gateway alone; its start is not counted.',
      ],
    };
  },
};

async function timed(
  { paths, atOnce }: Work,
  get: (address: string) => Promise<Response>,
  before: string,
): Promise<Fetched> {
  const started = performance.now();
  let [next, bytes] = [0, 0];
  const worker = async () => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const answer = await get(`${before}${path}`);
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
      const { byteLength } = await answer.arrayBuffer();
      bytes += byteLength;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { seconds: (performance.now() - started) / 1000, bytes };
}

function verifiedFetchSide(
  node: string,
  folder: string,
  gateways: readonly string[],
): { side: Side; stop: () => void } {
  const script = fileURLToPath(new URL('../../peers/verified-fetch/fetch-all.mjs', import.meta.url));
  const child = spawn(node, [script, folder, ...gateways], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    side: async ({ paths, atOnce }) => {
      child.stdin.write(`${JSON.stringify({ paths, atOnce })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('@helia/verified-fetch ended');
      return JSON.parse(value) as Fetched;
    },
    stop: () => child.kill(),
  };
}
