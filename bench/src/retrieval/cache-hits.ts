import { randomBytes } from 'node:crypto';
import { readBlock } from '@holdfast/content';
import { cachedSource, createGateways, memoryCache } from '@holdfast/retrieval';
import { folderCache } from '@holdfast/retrieval/node';
import { startFaultProxy, startKubo } from '@holdfast/testkit';
import type { Benchmark, Target } from '../harness/benchmark.ts';
import { p95 } from '../harness/statistics.ts';

const blocks = 200;
const blockBytes = 262_144;

/** Blocks that were read before, from memory and from a folder; and fifty who ask for one thing at once. */
export const cacheHits: Benchmark = {
  name: 'cache-hits',
  says: 'a block of 256 KiB from memory and from a folder, hashed again; fifty askers of one block at once',
  quick: true,
  run: async ({ folder, log, onCleanup }) => {
    const kubo = await startKubo();
    onCleanup(() => kubo.close());
    const proxy = await startFaultProxy(kubo.nodes[0].gateway);
    onCleanup(() => proxy.close());
    const gateways = () => createGateways([{ kind: 'gateway', url: proxy.url }]);
    const cids: string[] = [];
    for (let at = 0; at < blocks; at++) cids.push(await kubo.addContent(randomBytes(blockBytes)));
    const disk = `${folder}/blocks`;
    const p95Of = async (source: ReturnType<typeof cachedSource>) => {
      for (const cid of cids) await readBlock(cid, source);
      const times: number[] = [];
      for (const cid of cids) {
        const started = performance.now();
        await readBlock(cid, source);
        times.push(performance.now() - started);
      }
      if (source.misses !== blocks) throw new Error(`expected ${blocks} misses, got ${source.misses}`);
      return p95(times);
    };
    const memory = await p95Of(
      cachedSource(gateways(), [memoryCache({ maxBytes: 2 * blocks * blockBytes })]),
    );
    const onDisk = await p95Of(cachedSource(gateways(), [folderCache(disk)]));
    const before = proxy.requests.length;
    const shared = gateways();
    const fresh = await kubo.addContent(randomBytes(1_000));
    await Promise.all(Array.from({ length: 50 }, () => readBlock(fresh, shared)));
    const asked = proxy.requests.length - before;
    log(`memory ${memory.toFixed(2)} ms, folder ${onDisk.toFixed(2)} ms, ${asked} requests for fifty`);
    const target = (name: string, limit: number, seen: number, unit: string): Target => ({
      name,
      limit,
      sense: 'at-most',
      seen,
      unit,
    });
    return {
      comparisons: [],
      targets: [
        target('a hit in memory, p95', 5, memory, 'ms'),
        target('a hit in a folder, p95, hashed again', 10, onDisk, 'ms'),
        target('requests for fifty askers of one block', 1, asked, ''),
      ],
    };
  },
};
