import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster, type TestCluster, type TestPeer } from '../../packages/testkit/src/index.ts';
import { action } from './action.ts';
import { manifest, owner } from './dataset.ts';
import { holdfast, type Shell, succeed } from './program.ts';
import { tellProposal } from './proposal.ts';
import { bold, good, heading, tell } from './stage.ts';

/** On three real peers. Gives the version of IPFS Cluster they ran. */
export async function tellOnCluster(stack: AsyncDisposableStack): Promise<string> {
  const auth = { user: 'demo', password: 'loopback-only' };
  const credentials = `${auth.user}:${auth.password}`;
  // The cluster comes up while the manifest is written.
  const starting = startCluster({ peers: 3, regions: ['eu', 'us', 'ap'], auth });
  starting.catch(() => {});
  stack.defer(async () => (await starting.catch(() => undefined))?.close());
  const { shell: home, repository, merge } = await tellProposal(2, stack);

  heading('A cluster of three peers, in three regions');
  const cluster = await starting;
  for (const peer of cluster.peers)
    tell(`${peer.name} in ${peer.region}, over a Kubo node of its own: ${peer.restUrl}`);
  const target = { CLUSTER_URL: cluster.urls.join(','), CLUSTER_AUTH: credentials };
  const shell: Shell = { ...home, env: { ...home.env, ...target } };
  await succeed(shell, 'publish', 'data', '--manifest', manifest);

  heading('The merge: pin-on-merge keeps the promise');
  const { before, after } = await merge();
  const checkout = await repository.shallowClone(1, 'main');
  const pinned = await action('pin-on-merge', {
    eventName: 'push',
    event: {
      ref: 'refs/heads/main',
      before,
      after,
      repository: { full_name: owner, default_branch: 'main' },
    },
    cwd: checkout.path,
    inputs: { 'cluster-url': cluster.urls.join('\n'), 'cluster-auth': credentials },
  });
  if (pinned.exitCode !== 0) throw new Error(`pin-on-merge ended with ${pinned.exitCode}\n${pinned.stderr}`);
  good('green, and only because both copies exist');

  heading('A peer dies, and the copies are repaired');
  const holders = holdersIn(cluster, pinned.outputs.results ?? '[]');
  await killFirst(cluster, holders);
  if ((await holdfast(shell, 'status')) === 0) throw new Error('the lost copy was not noticed');
  await succeed(shell, 'heal');
  await succeed(shell, 'status');
  good('two copies again, on the peers that are left');

  heading('The proof: read it back');
  const fresh = cluster.peers.find((peer) => peer.running && !holders.includes(peer));
  if (!fresh) throw new Error('no peer took a new copy');
  tell(
    `Every byte, from the gateway of ${bold(fresh.name)}, hashed again and compared with what alice signed.`,
  );
  await succeed(shell, 'verify', manifest, '--content', fresh.kuboGateway);
  good('what alice signed is what anybody can read');
  return cluster.version;
}

/** The peers that hold a copy, by what pin-on-merge reports. */
function holdersIn(cluster: TestCluster, results: string): readonly TestPeer[] {
  const reported = JSON.parse(results) as { peers?: { peer: string }[] }[];
  const ids = new Set(reported.flatMap(({ peers = [] }) => peers.map(({ peer }) => peer)));
  return cluster.peers.filter((peer) => ids.has(peer.id));
}

/** Kills a peer that holds a copy, and its node with it. */
async function killFirst(cluster: TestCluster, [victim]: readonly TestPeer[]): Promise<void> {
  if (!victim) throw new Error('pin-on-merge reported no peer with a copy');
  await Promise.all([cluster.stop(victim), cluster.stopKubo(victim)]);
  tell(`${bold(victim.name)} in ${victim.region} was killed, with its node`);
  await untilLost(cluster, victim.id);
}

/** The others notice by its metrics, which expire after a few seconds. */
async function untilLost(cluster: TestCluster, id: string): Promise<void> {
  const witness = cluster.peers.find((peer) => peer.running);
  const deadline = Date.now() + 30_000;
  while (witness !== undefined && Date.now() < deadline) {
    const metrics = (await (await witness.request('/monitor/metrics/freespace')).json()) as {
      peer: string;
      valid: boolean;
    }[];
    if (!metrics.some((metric) => metric.peer === id && metric.valid)) return;
    await sleep(250);
  }
}
