// `npm run demo`: the main job, seen end to end on real engines, and everything cleaned up.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gitRepository, startCluster, type TestCluster } from '../packages/testkit/src/index.ts';
import { action } from './demo/action.ts';
import { openPullRequest, owner, policy, tideGauges } from './demo/dataset.ts';
import { getEngines } from './demo/engines.ts';
import { holdfast, type Shell, succeed } from './demo/program.ts';
import { bad, bold, good, heading, seconds, tell, title } from './demo/stage.ts';

const manifest = 'manifests/north-sea-tides-v1.0.0.json';
const stack = new AsyncDisposableStack();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('\nStopping everything that was started …');
    void stack.disposeAsync().finally(() => process.exit(130));
  });
}

title('Holdfast: signed dataset manifests, pinned for good');
const missing = await getEngines();
const target = missing === undefined ? 'cluster' : 'local';
if (missing !== undefined) {
  tell(missing);
  tell('Running on the embedded local target: you see signing, checking and one verified copy in a folder.');
  tell('You do not see copies on several peers, a peer that fails, or the repair.');
}

try {
  await (target === 'cluster' ? onCluster() : onFolder());
} catch (error) {
  bad((error as Error).message);
  process.exitCode = 1;
} finally {
  heading('Clean up');
  await stack.disposeAsync();
  good(`everything that was started is stopped, and its files are gone; the story took ${seconds()} s`);
}

async function onCluster(): Promise<void> {
  // The cluster comes up while the manifest is written.
  const starting = startCluster({
    peers: 3,
    regions: ['eu', 'us', 'ap'],
    auth: { user: 'demo', password: 'loopback-only' },
  });
  starting.catch(() => {});
  stack.defer(async () => (await starting.catch(() => undefined))?.close());
  const story = await tellProposal('standard');

  heading('A cluster of three peers, in three regions');
  const cluster = await starting;
  for (const peer of cluster.peers)
    tell(`${peer.name} in ${peer.region}, over a Kubo node of its own: ${peer.restUrl}`);
  const targetEnv = {
    HOLDFAST_CLUSTER_URL: cluster.urls.join(','),
    HOLDFAST_CLUSTER_AUTH: 'demo:loopback-only',
  };
  const shell = { ...story.shell, env: { ...story.shell.env, ...targetEnv } };
  await succeed(shell, 'publish', 'data', '--manifest', manifest);

  heading('The merge: pin-on-merge keeps the promise');
  const { before, after } = await story.merge();
  const checkout = await story.repository.shallowClone(1, 'main');
  const pinned = await action('pin-on-merge', {
    eventName: 'push',
    event: {
      ref: 'refs/heads/main',
      before,
      after,
      repository: { full_name: owner, default_branch: 'main' },
    },
    cwd: checkout.path,
    inputs: { 'cluster-url': cluster.urls.join('\n'), 'cluster-auth': 'demo:loopback-only' },
  });
  if (pinned.exitCode !== 0) throw new Error(`pin-on-merge ended with ${pinned.exitCode}\n${pinned.stderr}`);
  good('green, and only because both copies exist');

  heading('A peer dies, and the copies are repaired');
  await loseAHolder(cluster, JSON.parse(pinned.outputs.results ?? '[]'));
  await holdfast(shell, 'status');
  await succeed(shell, 'heal');
  await succeed(shell, 'status');
  good('two copies again, on the peers that are left');
}

/** Kills a peer that holds a copy, and its node with it. */
async function loseAHolder(
  cluster: TestCluster,
  results: { cid?: string; peers?: { peer: string }[] }[],
): Promise<void> {
  const holders = new Set(results.flatMap((result) => (result.peers ?? []).map(({ peer }) => peer)));
  const victim = cluster.peers.find((peer) => holders.has(peer.id)) ?? cluster.peers[0];
  if (victim === undefined) return;
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

async function onFolder(): Promise<void> {
  const story = await tellProposal('ephemeral');
  heading('The merge: one verified copy in a folder');
  await story.merge();
  const shell = { ...story.shell, env: { ...story.shell.env, HOLDFAST_LOCAL: join(story.home, 'copies') } };
  await succeed(shell, 'publish', 'data', '--manifest', manifest);
  await succeed(shell, 'pin');
  await succeed(shell, 'status');
}

/** The part that needs no engine: key, manifest, a pull request that is refused and one that is not. */
async function tellProposal(tier: 'standard' | 'ephemeral') {
  const repository = await gitRepository();
  stack.use(repository);
  await repository.git('remote', 'set-url', 'origin', `https://github.com/${owner}.git`);
  await repository.git('remote', 'set-url', '--push', 'origin', repository.url);
  const home = join(dirname(repository.path), 'home');
  const shell: Shell = {
    cwd: repository.path,
    env: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
  };
  await repository.write({ 'README.md': '# Datasets of the North Sea\n', '.gitignore': 'data/\n' });

  heading('A key');
  await succeed(shell, 'keygen', 'alice');
  tell('The repository trusts it: one signature of alice, at most 10 GB, two copies of a standard dataset.');
  await repository.write({ 'public-keys/policy.json': `${JSON.stringify(policy, null, 2)}\n` });
  await repository.commit('Trust alice');
  await repository.push();

  heading('A dataset and its signed manifest');
  for (const [path, text] of Object.entries(tideGauges())) {
    mkdirSync(dirname(join(repository.path, 'data', path)), { recursive: true });
    writeFileSync(join(repository.path, 'data', path), text);
  }
  await repository.branch('tides');
  const what = ['--name', 'north-sea-tides', '--version', '1.0.0', '--tier', tier, '--license', 'CC0-1.0'];
  await succeed(
    shell,
    'create',
    'data',
    ...what,
    '--description',
    'Hourly levels of two gauges',
    '--repository',
    owner,
  );
  await succeed(shell, 'sign', manifest);
  await repository.commit('Add north-sea-tides 1.0.0');

  heading('A pull request that was tampered with');
  tell('Somebody edits the hash of a file after alice signed.');
  await repository.branch('tampered');
  tamper(repository.path);
  await repository.commit('Fix a typo');
  const wrong = await openPullRequest(repository, 'tampered', 1);
  const refused = await action('validate-manifests', {
    eventName: 'pull_request',
    event: wrong.event,
    cwd: wrong.checkout.path,
  });
  if (refused.exitCode === 0) throw new Error('the tampered manifest was accepted');
  good('refused: it cannot be merged');

  heading('The good one');
  await repository.switch('tides');
  const right = await openPullRequest(repository, 'tides', 2);
  const accepted = await action('validate-manifests', {
    eventName: 'pull_request',
    event: right.event,
    cwd: right.checkout.path,
  });
  if (accepted.exitCode !== 0) throw new Error('the good manifest was refused');
  good('accepted, with a plan of what its merge will pin');

  return {
    repository,
    shell,
    home,
    merge: async () => {
      await repository.switch('main');
      const before = await repository.resolve('HEAD');
      const after = await repository.merge('tides', 'Merge pull request #2');
      await repository.push();
      return { before, after };
    },
  };
}

function tamper(folder: string): void {
  const file = join(folder, manifest);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(
      /("sha256": ")([0-9a-f])/,
      (_, key: string, digit: string) => `${key}${digit === '0' ? '1' : '0'}`,
    ),
  );
}
