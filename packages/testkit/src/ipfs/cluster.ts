import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { binaryVersion, findEngine } from '../engines/engine-lookup.ts';
import type { Run } from '../processes/run.ts';
import type { BasicAuth, Batching } from './cluster-config.ts';
import { TestPeer } from './cluster-peer.ts';
import type { TestFiles } from './content.ts';
import { addContent, connectAll, emptyNode, inFreshRun, startNodes } from './kubo.ts';

export interface ClusterOptions {
  /** How many peers, each over a Kubo node of its own. Default: 3. */
  peers?: number;
  /** The peers' `region` tags, in turn. Default: `eu`, `us`, `ap`. */
  regions?: readonly string[];
  /** Credentials for the REST API and the Pinning Service API. Default: none. */
  auth?: BasicAuth;
  /** The cluster's default replication factors. Default: everywhere. */
  replication?: { min: number; max: number };
  /** True in a default cluster: pins of a lost peer stay short of copies until somebody acts. */
  disableRepinning?: boolean;
  /** How often a peer tells its latest state again, `1m` in a default cluster. Default: `2s`, so that a restart is soon caught up with. */
  rebroadcast?: string;
  /** How many CIDs a peer pins at a time. Default: the engine's own, 10. */
  concurrentPins?: number;
  /** How many changes a peer collects before it tells the others, and how long. Default: none, as in a default cluster. */
  batching?: Batching;
}

/** There is a first one at least. */
type Peers = readonly [TestPeer, ...TestPeer[]];

/** A real IPFS Cluster on loopback. */
export interface TestCluster extends AsyncDisposable {
  peers: Peers;
  /** The version of IPFS Cluster that runs. */
  version: string;
  /** The peers' REST APIs. */
  urls: readonly string[];
  auth: BasicAuth | undefined;
  /** Adds a file or a folder to one peer's Kubo, unpinned, under `unixfs-v1-2025`, and gives its CID. */
  addContent(content: string | Uint8Array | TestFiles, options?: { on?: TestPeer }): Promise<string>;
  stop(peer: TestPeer, how?: 'kill' | 'graceful'): Promise<void>;
  /** Starts a stopped peer with the same identity, ports and data; waits until all see each other and have the same pinset. */
  restart(peer: TestPeer): Promise<void>;
  stopKubo(peer: TestPeer, how?: 'kill' | 'graceful'): Promise<void>;
  restartKubo(peer: TestPeer): Promise<void>;
  /** Unpins everything and drops the blocks: the next test finds an empty cluster. Starts what was stopped. */
  clean(): Promise<void>;
  /** What the peer has written, or its Kubo node. */
  logs(peer: TestPeer): { cluster: string; kubo: string };
  close(): Promise<void>;
}

export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const { peers: count = 3, regions = ['eu', 'us', 'ap'] } = options;
  const [kubo, service] = await Promise.all([findEngine('kubo'), findEngine('cluster-service')]);
  const version = await binaryVersion(service);
  if (!version) throw new Error(`${service} --version should say a version, but does not`);
  const secret = randomBytes(32).toString('hex');
  return inFreshRun(async (run) => {
    const indexes = Array.from({ length: count }, (_, index) => index);
    const names = indexes.map((index) => `kubo-${index}`);
    const nodes = await startNodes(run, kubo, names, 'unixfs-v1-2025');
    const peers = await Promise.all(
      nodes.map((node, index) =>
        TestPeer.create(run, service, {
          name: `peer-${index}`,
          region: regions[index % regions.length] ?? 'none',
          secret,
          kubo: node,
          disableRepinning: options.disableRepinning ?? true,
          ...(options.auth ? { auth: options.auth } : {}),
          ...(options.rebroadcast ? { rebroadcast: options.rebroadcast } : {}),
          ...(options.concurrentPins ? { concurrentPins: options.concurrentPins } : {}),
          ...(options.batching ? { batching: options.batching } : {}),
          ...(options.replication ? { replication: options.replication } : {}),
        }),
      ),
    );
    const [first, ...rest] = peers;
    if (!first) throw new Error(`peers expected at least 1, got ${count}`);
    for (const peer of peers) peer.configure(peers);
    await first.start([]);
    await Promise.all(rest.map((peer) => peer.start([first])));
    await allSeeAll(peers);
    return openCluster(run, [first, ...rest], version, options.auth);
  });
}

async function allSeeAll(peers: readonly TestPeer[]): Promise<void> {
  const running = peers.filter((peer) => peer.running);
  const ids = running.map((peer) => peer.id);
  await Promise.all(running.map((peer) => peer.sees(ids)));
}

function openCluster(run: Run, peers: Peers, version: string, auth: BasicAuth | undefined): TestCluster {
  const close = () => run.close();
  const nodes = peers.map((peer) => peer.kubo);
  const restartKubo = async (peer: TestPeer) => {
    await peer.kubo.start();
    await connectAll(peer.kubo, nodes);
  };
  const restart = async (peer: TestPeer) => {
    await peer.start(peers.filter((it) => it.running));
    await allSeeAll(peers);
    await samePinset(peers);
  };
  return {
    peers,
    version,
    urls: peers.map((peer) => peer.restUrl),
    auth,
    async addContent(content, { on = peers.find((peer) => peer.kubo.running) } = {}) {
      if (!on) throw new Error('addContent: no Kubo node is running');
      return addContent(on.kubo, content);
    },
    stop: (peer, how) => peer.stop(how),
    restart,
    stopKubo: (peer, how) => peer.kubo.stop(how),
    restartKubo,
    async clean() {
      for (const peer of peers) if (!peer.kubo.running) await restartKubo(peer);
      for (const peer of peers) if (!peer.running) await restart(peer);
      await unpinAll(peers);
      await Promise.all(nodes.map(emptyNode));
    },
    logs: (peer) => ({ cluster: peer.logs, kubo: peer.kubo.logs }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A peer that was killed has lost its latest writes; the others tell them again. */
async function samePinset(peers: readonly TestPeer[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const pinsets = await Promise.all(
      peers
        .filter((peer) => peer.running)
        .map(async (peer) => [...(await cidsOf(peer, '/allocations?filter=all'))].sort().join()),
    );
    if (new Set(pinsets).size === 1) return;
    if (Date.now() > deadline)
      throw new Error('the peers should have the same pinset, but differ after 60 s');
    await sleep(100);
  }
}

/** Unpins whatever any peer knows of, until each of them knows of nothing. */
async function unpinAll(peers: readonly TestPeer[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const wanted = await Promise.all(peers.map((peer) => cidsOf(peer, '/allocations?filter=all')));
    const tracked = await Promise.all(peers.map((peer) => cidsOf(peer, '/pins?local=true')));
    if ([...wanted, ...tracked].every((cids) => cids.size === 0)) return;
    if (Date.now() > deadline) throw new Error('clean: the cluster still has pins after 30 s');
    for (const [index, peer] of peers.entries()) {
      for (const cid of wanted[index] ?? []) await peer.request(`/pins/${cid}`, 'DELETE');
    }
    await sleep(100);
  }
}

async function cidsOf(peer: TestPeer, path: string): Promise<Set<string>> {
  return new Set((await peer.list<{ cid: string }>(path)).map(({ cid }) => cid));
}
