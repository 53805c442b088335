import { findEngine } from '../engines/engine-lookup.ts';
import { PortTaken, Run } from '../processes/run.ts';
import { addForm, isFolder, rootOf, type TestFiles } from './content.ts';
import type { KuboRouting } from './kubo-config.ts';
import { KuboNode } from './kubo-node.ts';

export interface KuboOptions {
  /** How many nodes; they are connected to each other. Default: 1. */
  nodes?: number;
  /** How content is imported: a profile that `ipfs init --profile` knows. */
  profile?: string;
  /** `dht`: the nodes keep records of names for each other, and their gateways answer `/routing/v1`; `pubsub`: they tell each other new ones as well. Default: `none`. */
  routing?: KuboRouting;
}

/** There is a first one at least. */
type Nodes = readonly [KuboNode, ...KuboNode[]];

/** Real Kubo nodes on loopback, connected to each other and to nobody else. */
export interface TestKubo extends AsyncDisposable {
  nodes: Nodes;
  /** The nodes' RPC URLs. */
  urls: readonly string[];
  /** Adds a file or a folder to one node, unpinned, and gives its CID. */
  addContent(content: string | Uint8Array | TestFiles, options?: { on?: KuboNode }): Promise<string>;
  /** Starts a stopped node again, the same in all, and connects it to the others. */
  restart(node: KuboNode): Promise<void>;
  stop(node: KuboNode, how?: 'kill' | 'graceful'): Promise<void>;
  /** Unpins everything and drops the blocks. */
  clean(): Promise<void>;
  logs(node: KuboNode): string;
  close(): Promise<void>;
}

export async function startKubo(options: KuboOptions = {}): Promise<TestKubo> {
  const { nodes = 1, profile = 'unixfs-v1-2025', routing } = options;
  const binary = await findEngine('kubo');
  return inFreshRun(async (run) => {
    const names = Array.from({ length: nodes }, (_, index) => `kubo-${index}`);
    const [first, ...rest] = await startNodes(run, binary, names, profile, routing);
    if (!first) throw new Error(`nodes expected at least 1, got ${nodes}`);
    return openKubo(run, [first, ...rest]);
  });
}

/** Tries again on other ports when somebody took one in between. */
export async function inFreshRun<T>(start: (run: Run) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const run = await Run.open();
    try {
      return await start(run);
    } catch (error) {
      await run.close();
      if (!(error instanceof PortTaken) || attempt === 4) throw error;
    }
  }
}

export async function startNodes(
  run: Run,
  binary: string,
  names: readonly string[],
  profile: string,
  routing?: KuboRouting,
): Promise<KuboNode[]> {
  const nodes = await Promise.all(names.map((name) => KuboNode.create(run, binary, name, profile, routing)));
  await Promise.all(nodes.map((node) => node.start()));
  // Each pair once: two nodes that dial each other at the same moment may both take themselves for the caller.
  await Promise.all(nodes.map((node, index) => connectAll(node, nodes.slice(index + 1))));
  return nodes;
}

export async function addContent(node: KuboNode, content: string | Uint8Array | TestFiles): Promise<string> {
  const answer = await node.rpc('add', {
    body: addForm(content),
    pin: false,
    progress: false,
    'wrap-with-directory': isFolder(content),
    timeoutMs: 120_000,
  });
  return rootOf(answer);
}

/** Leaves the node with no pin and no block of its tests. */
export async function emptyNode(node: KuboNode): Promise<void> {
  const { Keys } = JSON.parse(await node.rpc('pin/ls', { type: 'recursive' })) as { Keys?: object };
  for (const cid of Object.keys(Keys ?? {})) {
    await node.rpc('pin/rm', { arg: cid }).catch((error: unknown) => {
      // A cluster peer above the node may have unpinned it a moment earlier.
      if (!String(error).includes('not pinned')) throw error;
    });
  }
  await node.rpc('repo/gc', { quiet: true });
}

export async function connectAll(node: KuboNode, nodes: readonly KuboNode[]): Promise<void> {
  for (const other of nodes) if (other !== node && other.running) await node.connect(other);
}

function openKubo(run: Run, nodes: Nodes): TestKubo {
  const close = () => run.close();
  return {
    nodes,
    urls: nodes.map((node) => node.api),
    async addContent(content, { on = nodes[0] } = {}) {
      return addContent(on, content);
    },
    async restart(node) {
      await node.start();
      await connectAll(node, nodes);
    },
    stop: (node, how) => node.stop(how),
    async clean() {
      await Promise.all(nodes.filter((node) => node.running).map(emptyNode));
    },
    logs: (node) => node.logs,
    close,
    [Symbol.asyncDispose]: close,
  };
}
