import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { takePorts } from '../processes/port.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import type { Run, RunProcess } from '../processes/run.ts';
import { type KuboPorts, type KuboRouting, kuboConfig, kuboEnvironment } from './kubo-config.ts';

/** One real Kubo node on loopback. */
export class KuboNode {
  readonly name: string;
  /** Its peer ID. */
  readonly id: string;
  /** Base URL of its RPC API, without `/api/v0`. */
  readonly api: string;
  readonly gateway: string;
  /** The multiaddr other nodes and `origins` reach it by. */
  readonly address: string;
  readonly ports: KuboPorts;
  /** The folder of its repository: `config`, `datastore`, `blocks`. */
  readonly repository: string;
  readonly #run: Run;
  readonly #binary: string;
  #process: RunProcess | undefined;

  private constructor(run: Run, binary: string, name: string, id: string, ports: KuboPorts) {
    this.#run = run;
    this.#binary = binary;
    this.name = name;
    this.id = id;
    this.ports = ports;
    this.repository = join(run.folder, name);
    this.api = `http://127.0.0.1:${ports.api}`;
    this.gateway = `http://127.0.0.1:${ports.gateway}`;
    this.address = `/ip4/127.0.0.1/tcp/${ports.swarm}/p2p/${id}`;
  }

  /** Makes the node's repository; `start` runs it. Content is imported as `profile` says. */
  static async create(
    run: Run,
    binary: string,
    name: string,
    profile: string,
    routing?: KuboRouting,
  ): Promise<KuboNode> {
    const repository = join(run.folder, name);
    mkdirSync(repository);
    const [swarm = 0, api = 0, gateway = 0] = await takePorts(3, run.folder);
    const ports = { swarm, api, gateway };
    await promisify(execFile)(binary, ['init', `--profile=test,${profile}`, '--empty-repo'], {
      env: run.environment({ ...kuboEnvironment, IPFS_PATH: repository }),
    });
    const file = join(repository, 'config');
    const config = kuboConfig(JSON.parse(readFileSync(file, 'utf8')), ports, routing);
    writeFileSync(file, JSON.stringify(config));
    const { PeerID } = config.Identity as { PeerID: string };
    return new KuboNode(run, binary, name, PeerID, ports);
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

  async start(): Promise<void> {
    if (this.running) return;
    const process = this.#run.start({
      name: this.name,
      binary: this.#binary,
      args: ['daemon', '--migrate=false'],
      env: { ...kuboEnvironment, IPFS_PATH: join(this.#run.folder, this.name) },
    });
    this.#process = process;
    await process.until('its API answers', async () =>
      (await this.rpc('id', { timeoutMs: 2_000 })) ? true : undefined,
    );
  }

  /** Stops it and gives it a new, empty repository: the same identity and configuration, and nothing that it had. */
  async replace(): Promise<void> {
    await this.stop();
    const config = readFileSync(join(this.repository, 'config'), 'utf8');
    rmSync(this.repository, { recursive: true });
    mkdirSync(this.repository);
    await promisify(execFile)(this.#binary, ['init', '--profile=test', '--empty-repo'], {
      env: this.#run.environment({ ...kuboEnvironment, IPFS_PATH: this.repository }),
    });
    writeFileSync(join(this.repository, 'config'), config);
    await this.start();
  }

  async stop(how: 'kill' | 'graceful' = 'kill'): Promise<void> {
    await this.#process?.stop(how);
  }

  /** Opens a connection to another node, both ways usable. */
  async connect(other: KuboNode): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.rpc('swarm/connect', { arg: other.address });
        return;
      } catch (error) {
        // The other may be dialling us at this very moment, which can break both dials.
        if (attempt === 5) throw error;
        await sleep(attempt * 200);
      }
    }
  }

  /** A call of Kubo's RPC API; gives the body's text. */
  async rpc(command: string, { arg, body, timeoutMs = 30_000, ...query }: RpcOptions = {}): Promise<string> {
    const search = new URLSearchParams(arg === undefined ? [] : [['arg', arg]]);
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    const response = await fetch(`${this.api}/api/v0/${command}?${search}`, {
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body ? { body } : {}),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${this.name}: ${command} was answered ${response.status}: ${text.trim()}`);
    return text;
  }
}

interface RpcOptions {
  arg?: string;
  body?: FormData;
  timeoutMs?: number;
  [query: string]: unknown;
}
