import { rootFromFiles } from '@holdfast/content/root';
import { formatPublicKey, generateKey, type Manifest, sha256, signManifest } from '@holdfast/manifest';
import { rawCid, toHex } from '@holdfast/manifest/internal';
import { gitRepository, type SetupOptions, startCluster, type TestCluster } from '@holdfast/testkit';
import type { Benchmark, BenchmarkContext, Outcome } from '../harness/benchmark.ts';
import { compare } from '../harness/compare.ts';
import { median } from '../harness/statistics.ts';
import { actionSide, bareNode, bareSide, prepareBundle } from './action-side.ts';
import { startWaitingProxy, timeWaited, type WaitingProxy } from './waiting-proxy.ts';

const contents = { 'data/a.csv': 'a\n', 'data/b.csv': 'b\n' };

/** From the start of the action's process on a push until the cluster has accepted the first pin. */
export const pinAction: Benchmark = {
  name: 'pin-action',
  says: "the pin-on-merge bundle on a merge of one manifest, from start to the first accepted pin without the cluster's own round trips, against a Node that does nothing",
  quick: true,
  run: async (context) => {
    const cluster = await startCluster({ peers: 3 });
    context.onCleanup(() => cluster.close());
    const proxy = await startWaitingProxy(cluster.urls[0] ?? '');
    context.onCleanup(proxy.close);
    return measureOn(cluster, proxy, context);
  },
};

async function measureOn(
  cluster: TestCluster,
  proxy: WaitingProxy,
  context: BenchmarkContext,
): Promise<Outcome> {
  const setup = await prepareBundle('pin-on-merge', await merge(proxy.url, context));
  context.onCleanup(async () => setup.remove());
  const action = actionSide('pin-on-merge, to its end', setup);
  const exchanges: WaitingProxy['exchanges'][] = [];
  const warmups = 1;
  const comparison = await compare(
    'one manifest at three copies',
    [
      {
        ...action,
        prepare: async () => {
          await action.prepare?.();
          await cluster.clean();
          for (const peer of cluster.peers) await cluster.addContent(contents, { on: peer });
          proxy.exchanges.length = 0;
        },
      },
      bareSide(setup),
    ],
    {
      runs: context.runs * 2,
      warmups,
      agree: () => {
        const { satisfied, results } = setup.results().outputs;
        if (satisfied !== '1') throw new Error(`expected one satisfied dataset, got ${results}`);
        exchanges.push([...proxy.exchanges]);
      },
      onRun: (label, seconds) => context.log(`${label}: ${seconds.toFixed(2)} s`),
    },
  );
  const [ours, bare] = comparison.sides;
  const seen = (ours?.samples ?? []).map(({ startedAt }, index) => {
    const made = exchanges[index + warmups] ?? [];
    const first = made.find(({ method, path }) => method === 'POST' && path.startsWith('/pins/'));
    if (first === undefined) throw new Error('the action did not pin through the proxy');
    const waited = timeWaited(made, first.to);
    const own = first.to - startedAt * 1000 - waited;
    return { own, waited, ratio: own / 1000 / (bare?.samples[index]?.wall ?? Number.NaN) };
  });
  const of = (key: 'own' | 'waited' | 'ratio') => median(seen.map((each) => each[key]));
  return {
    comparisons: [comparison],
    targets: [
      {
        name: `start to first pin, round trips of the cluster taken off, to ${bareNode}`,
        limit: 5,
        sense: 'at-most',
        seen: of('ratio'),
        unit: '×',
      },
    ],
    notes: [
      `To the first pin (median): ${of('own').toFixed(0)} ms of its own and ${of('waited').toFixed(0)} ms in which the cluster had a request. The table is of the whole run, until the copies exist and the receipt is written.`,
    ],
  };
}

/** The push of a merge that brought one dataset, in a clone that has the commit before. */
async function merge(clusterUrl: string, { onCleanup }: BenchmarkContext): Promise<SetupOptions> {
  const privateKey = generateKey(undefined, 'alice');
  const repository = await gitRepository();
  onCleanup(() => repository.remove());
  await repository.write({ 'public-keys/alice.pub': `${formatPublicKey(privateKey.publicKey)}\n` });
  const before = await repository.commit('Trust Alice');
  const signed = await signManifest({ dataset: dataset(), signatures: [] }, privateKey);
  await repository.write({ 'manifests/tides-v1.0.0.json': `${JSON.stringify(signed, null, 2)}\n` });
  const after = await repository.commit('Merge a dataset');
  await repository.push();
  const clone = await repository.clone({ depth: 2 });
  return {
    cwd: clone.path,
    eventName: 'push',
    event: {
      ref: 'refs/heads/main',
      before,
      after,
      commits: [{ id: after }],
      repository: { full_name: 'holdfast-data/datasets', default_branch: 'main' },
    },
    inputs: { 'cluster-url': clusterUrl, comment: 'false', status: 'false', timeout: '2m' },
  };
}

function dataset(): Manifest['dataset'] {
  const files = Object.entries(contents).map(([path, text]) => {
    const digest = sha256(new TextEncoder().encode(text));
    return { path, size: text.length, sha256: toHex(digest), cid: rawCid(digest) };
  });
  return {
    name: 'tides',
    version: '1.0.0',
    revision: 1,
    description: 'Hourly tide gauges of the North Sea',
    license: 'CC-BY-4.0',
    tier: 'important',
    cid: rootFromFiles(files, 'unixfs-v1-2025').cid,
    profile: 'unixfs-v1-2025',
    files,
    totalSize: files.reduce((sum, { size }) => sum + size, 0),
    created: '2026-11-21T06:30:00Z',
  };
}
