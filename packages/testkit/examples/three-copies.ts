// Three real peers on loopback: add a file to one, ask for three copies, wait until they exist.
import { startCluster } from '@holdfast/testkit';

await using cluster = await startCluster({ peers: 3 });
const [first] = cluster.peers;
const cid = await cluster.addContent('hello\n');
await first.request(`/pins/${cid}?replication-min=3&replication-max=3`, 'POST');

for (;;) {
  const answer = await first.request(`/pins/${cid}`);
  const { peer_map } = (await answer.json()) as { peer_map: Record<string, { status: string }> };
  const statuses = Object.values(peer_map).map((peer) => peer.status);
  if (statuses.filter((status) => status === 'pinned').length === 3) break;
  await new Promise((done) => setTimeout(done, 100));
}
console.log(`${cid} is pinned three times`);
