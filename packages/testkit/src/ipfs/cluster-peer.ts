import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { takePorts } from '../processes/port.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import type { Run, RunProcess } from '../processes/run.ts';
import {
  type BasicAuth,
  type Batching,
  type ClusterPorts,
  clusterConfig,
  type PeerSettings,
} from './cluster-config.ts';
import type { KuboNode } from './kubo-node.ts';

export interface PeerOptions {
  name: string;
  region: string;
  secret: string;
  kubo: KuboNode;
  auth?: BasicAuth;
  replication?: { min: number; max: number };
  disableRepinning: boolean;
  rebroadcast?: string;
  concurrentPins?: number;
  batching?: Batching;
}

/** One real cluster peer over its own Kubo node. */
export class TestPeer {
  readonly name: string;
  /** Its peer ID in the cluster. */
  readonly id: string;
  readonly region: string;
  readonly restUrl: string;
  /** The peer's Pinning Service API. */
  readonly pinningServiceUrl: string;
  /** The multiaddr other peers reach it by. */
  readonly address: string;
  readonly kubo: KuboNode;
  readonly ports: ClusterPorts;
  readonly #run: Run;
  readonly #binary: string;
  readonly #options: PeerOptions;
  #process: RunProcess | undefined;

  private constructor(run: Run, binary: string, options: PeerOptions, id: string, ports: ClusterPorts) {
    this.#run = run;
    this.#binary = binary;
    this.#options = options;
    this.name = options.name;
    this.region = options.region;
    this.kubo = options.kubo;
    this.id = id;
    this.ports = ports;
    this.restUrl = `http://127.0.0.1:${ports.rest}`;
    this.pinningServiceUrl = `http://127.0.0.1:${ports.pinningService}`;
    this.address = `/ip4/127.0.0.1/tcp/${ports.swarm}/p2p/${id}`;
  }

  static async create(run: Run, binary: string, options: PeerOptions): Promise<TestPeer> {
    const folder = join(run.folder, options.name);
    mkdirSync(folder);
    const [swarm = 0, rest = 0, pinningService = 0] = await takePorts(3, run.folder);
    const ports = { swarm, rest, pinningService };
    await promisify(execFile)(binary, ['--config', folder, 'init', '--consensus', 'crdt'], {
      env: run.environment({ CLUSTER_SECRET: options.secret }),
    });
    const { id } = JSON.parse(readFileSync(join(folder, 'identity.json'), 'utf8')) as { id: string };
    return new TestPeer(run, binary, options, id, ports);
  }

  get kuboApi(): string {
    return this.kubo.api;
  }

  get kuboGateway(): string {
    return this.kubo.gateway;
  }

  get kuboId(): string {
    return this.kubo.id;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  /** The process that runs now, if one does. */
  get identity(): ProcessIdentity | undefined {
    return this.running ? this.#process?.identity : undefined;
  }

  get pid(): number | undefined {
    return this.identity?.pid;
  }

  get logs(): string {
    return this.#process?.logs ?? '';
  }

  /** Tells the peer its settings and where the others are. */
  configure(peers: readonly TestPeer[]): void {
    const { secret: _, kubo, ...shared } = this.#options;
    const settings: PeerSettings = {
      ...shared,
      ports: this.ports,
      kuboApiPort: kubo.ports.api,
      others: peers.filter((peer) => peer !== this).map((peer) => peer.address),
    };
    const file = join(this.#run.folder, this.name, 'service.json');
    writeFileSync(file, JSON.stringify(clusterConfig(JSON.parse(readFileSync(file, 'utf8')), settings)));
  }

  /** Runs the peer, which joins the cluster through the peers that run already. */
  async start(running: readonly TestPeer[]): Promise<void> {
    if (this.running) return;
    const addresses = running.map((peer) => peer.address).join(',');
    const bootstrap = addresses ? ['--bootstrap', addresses] : [];
    const process = this.#run.start({
      name: this.name,
      binary: this.#binary,
      args: ['--config', join(this.#run.folder, this.name), 'daemon', ...bootstrap],
      env: { CLUSTER_SECRET: this.#options.secret },
    });
    this.#process = process;
    // A call that comes earlier crashes it: its API listens before it has what it answers with.
    await process.until('it is ready', async () => process.wrote('IPFS Cluster is READY') || undefined);
  }

  /** Waits until this peer can call each of these, has their metrics, and so may allocate to them. */
  async sees(ids: readonly string[]): Promise<void> {
    if (!this.#process) throw new Error(`${this.name} was never started`);
    await this.#process.until(`it sees ${ids.length} peers`, async () => {
      const called = new Set(
        (await this.list<PeerLine>('/peers')).filter((it) => !it.error).map((it) => it.id),
      );
      if (!ids.every((id) => called.has(id))) return undefined;
      for (const metric of ['ping', 'freespace', 'tag:region']) {
        const metrics = (await (await this.request(`/monitor/metrics/${metric}`)).json()) as Metric[];
        const valid = new Set(metrics.filter((it) => it.valid).map((it) => it.peer));
        if (!ids.every((id) => valid.has(id))) return undefined;
      }
      return true;
    });
  }

  /** The lines of an answer that is a stream of JSON lines. */
  async list<T>(path: string): Promise<T[]> {
    const response = await this.request(path);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${this.name}: ${path} was answered ${response.status}: ${text.trim()}`);
    const lines = text.split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as T);
  }

  async stop(how: 'kill' | 'graceful' = 'kill'): Promise<void> {
    await this.#process?.stop(how);
  }

  /** A request to the REST API, with the cluster's credentials. */
  request(path: string, method: 'GET' | 'DELETE' | 'POST' = 'GET', timeoutMs = 10_000): Promise<Response> {
    const { auth } = this.#options;
    const headers = new Headers();
    if (auth) {
      const credentials = Buffer.from(`${auth.user}:${auth.password}`).toString('base64');
      headers.set('authorization', `Basic ${credentials}`);
    }
    return fetch(`${this.restUrl}${path}`, { method, headers, signal: AbortSignal.timeout(timeoutMs) });
  }
}

interface PeerLine {
  id: string;
  error: string;
}

interface Metric {
  peer: string;
  valid: boolean;
}
