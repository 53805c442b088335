import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawCid } from '@holdfast/manifest/internal';
import { startCluster, type TestPeer } from '@holdfast/testkit';
import type { Benchmark } from '../harness/benchmark.ts';

const pins = 10_000;
const atOnce = 16;
const longestMs = 300_000;
const settings = [
  { label: 'as a default cluster has it', batching: undefined },
  { label: '100 changes or 1 s', batching: { size: 100, age: '1s' } },
  { label: '1,000 changes or 1 s', batching: { size: 1_000, age: '1s' } },
  { label: '5,000 changes or 5 s', batching: { size: 5_000, age: '5s' } },
] as const;

/** What the engine's own batching buys: a bare loop pins to one of three peers, and then all three are asked what they have heard. */
export const engineBatching: Benchmark = {
  name: 'engine-batching',
  says: '10,000 pins to a cluster of three peers, by how many changes a peer collects (`consensus.crdt.batching`)',
  quick: false,
  run: async ({ log }) => {
    const notes: string[] = [];
    for (const { label, batching } of settings) {
      const { submitted, heard } = await measured(batching);
      const told = heard === undefined ? `not all within ${longestMs / 1_000} s` : `${heard.toFixed(1)} s`;
      const note = `${label}: taken after ${submitted.toFixed(1)} s, heard of by all peers after ${told}`;
      log(note);
      notes.push(note);
    }
    return { comparisons: [], targets: [], notes };
  },
};

async function measured(batching: { size: number; age: string } | undefined) {
  await using cluster = await startCluster({ peers: 3, rebroadcast: '1m', ...(batching && { batching }) });
  const seed = randomBytes(16);
  const cids = Array.from({ length: pins }, (_, index) =>
    rawCid(createHash('sha256').update(seed).update(String(index)).digest()),
  );
  const [first] = cluster.peers;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  const queue = cids.values();
  const lane = async () => {
    for (const cid of queue) {
      const query = 'replication-min=1&replication-max=1';
      const response = await first.request(`/pins/${cid}?${query}`, 'POST');
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const submitted = seconds();
  for (;;) {
    const counts = await Promise.all(cluster.peers.map(countOf));
    if (counts.every((count) => count === pins)) return { submitted, heard: seconds() };
    if (seconds() * 1_000 > longestMs) return { submitted, heard: undefined };
    await sleep(250);
  }
}

async function countOf(peer: TestPeer): Promise<number> {
  return (await peer.list('/allocations?filter=pin')).length;
}
