import type { PinState } from '../../target/pin-state.ts';
import type {
  CallOptions,
  LostBlocks,
  ObserveOptions,
  PinTarget,
  RepairReport,
  TargetInfo,
  TargetPeer,
  WantedPin,
} from '../../target/target.ts';
import { cidKey } from '../cid-key.ts';
import { KuboNode, type KuboNodeOptions } from '../kubo/node.ts';
import type { ApiOptions } from '../target-client.ts';
import { assertWantedPin } from '../wanted-pin.ts';
import type { AddCarOptions, AddedCar, CarSource } from './car-upload.ts';
import {
  type ClusterAlert,
  ClusterClient,
  type ClusterMetric,
  type ClusterPeer,
  type HealthGraph,
} from './client.ts';
import { longPin } from './long-pin.ts';
import { observeSome } from './observation.ts';
import { type ClusterPinOptions, pinQuery } from './pin-query.ts';
import { observeAll } from './pinset-scan.ts';
import { Regions } from './regions.ts';
import { StreamBudget } from './stream-budget.ts';

export interface ClusterTargetOptions extends ApiOptions {
  /** RPC addresses of IPFS nodes of the cluster, for what only a node itself can do: replace a damaged block. */
  readonly nodes?: readonly (string | KuboNodeOptions)[] | undefined;
}

const nodeCallMs = 30_000;

/**
 * IPFS Cluster through the REST API of one or several of its peers.
 *
 * @example
 * ```ts
 * import { ClusterTarget } from '@holdfast/pinning';
 *
 * const target = new ClusterTarget({
 *   endpoints: ['http://127.0.0.1:9094', 'http://127.0.0.1:9194'],
 *   auth: { basic: { user: 'keeper', password: 'secret' } },
 * });
 * console.log(target.label); // prints: cluster at http://127.0.0.1:9094, http://127.0.0.1:9194
 * target.close();
 * ```
 */
export class ClusterTarget implements PinTarget {
  readonly label: string;
  readonly turns: number;
  readonly #client: ClusterClient;
  readonly #regions: Regions;
  readonly #budget = new StreamBudget();
  readonly #nodes: readonly KuboNode[];

  constructor({ nodes = [], ...options }: ClusterTargetOptions) {
    this.#client = new ClusterClient(options);
    this.#nodes = nodes.map(
      (node) => new KuboNode(typeof node === 'string' ? { url: node } : node, nodeCallMs),
    );
    this.#regions = new Regions(this.#client);
    this.turns = this.#client.api.endpoints.length;
    this.label = `cluster at ${this.#client.api.label}`;
  }

  async inspect(options: CallOptions = {}): Promise<TargetInfo> {
    // An endpoint that is not of a cluster shows here, before its empty lists could pass for a cluster's.
    const [version, peers] = [await this.#client.version(options), await this.#client.peers(options)];
    const [space, regions] = await Promise.all([
      this.#client.metrics('freespace', options),
      this.#regions.read(options),
    ]);
    this.#budget.sawPeers(peers.length);
    // An operator may allocate by something else than space; then a ping is the sign of life.
    const signs = space.length > 0 ? space : await this.#client.metrics('ping', options);
    const alive = new Set(signs.filter((metric) => metric.valid).map((metric) => metric.peer));
    const free = new Map(space.map((metric) => [metric.peer, Number(metric.value)]));
    return {
      kind: 'cluster',
      version,
      peers: peers.map((peer) => targetPeer(peer, alive, regions.get(peer.id), free.get(peer.id))),
    };
  }

  async *observe(cids?: readonly string[], options: ObserveOptions = {}): AsyncGenerator<PinState> {
    const regions = await this.#regions.read(options);
    yield* cids
      ? observeSome(this.#client, cids, regions, this.#budget, options)
      : observeAll(this.#client, regions, this.#budget, options);
  }

  async pin(cid: string, pin: WantedPin, options: CallOptions & ClusterPinOptions = {}): Promise<void> {
    const key = cidKey(cid);
    assertWantedPin(pin);
    const update = options.update === undefined ? {} : { update: cidKey(options.update) };
    const query = pinQuery(pin, { ...options, ...update });
    await this.#client.pin(key, query, options).catch((error: unknown) => {
      throw longPin(error, key, pin);
    });
  }

  async unpin(cid: string, options: CallOptions = {}): Promise<void> {
    await this.#client.unpin(cidKey(cid), options);
  }

  async recover(cid: string, options: CallOptions = {}): Promise<void> {
    await this.#client.recover(cidKey(cid), options);
  }

  /** What is missing, the peer fetches again. What is damaged, only its node can replace. */
  async repair(cid: string, lost: LostBlocks, options: CallOptions = {}): Promise<RepairReport> {
    const { repairCopy } = await import('./block-work.ts');
    return repairCopy(this.#client, this.#nodes, cidKey(cid), lost, options);
  }

  /** Adds the blocks of a CAR as they come, and pins its root where `pin` is given. */
  async addCar(source: CarSource, options: AddCarOptions = {}): Promise<AddedCar> {
    if (options.pin) assertWantedPin(options.pin);
    const { addCar } = await import('./block-work.ts');
    return addCar(this.#client, source, options);
  }

  peers(options?: CallOptions): Promise<readonly ClusterPeer[]> {
    return this.#client.peers(options);
  }

  /** The peer that answers. */
  id(options?: CallOptions): Promise<ClusterPeer> {
    return this.#client.id(options);
  }

  metricNames(options?: CallOptions): Promise<readonly string[]> {
    return this.#client.metricNames(options);
  }

  metrics(name: string, options?: CallOptions): Promise<readonly ClusterMetric[]> {
    return this.#client.metrics(name, options);
  }

  alerts(options?: CallOptions): Promise<readonly ClusterAlert[]> {
    return this.#client.alerts(options);
  }

  healthGraph(options?: CallOptions): Promise<HealthGraph> {
    return this.#client.healthGraph(options);
  }

  /** A bearer token for basic credentials, so that the password need not be handed on. */
  issueToken(options?: CallOptions): Promise<string> {
    return this.#client.issueToken(options);
  }

  /** Closes kept connections; the target can be used again after. */
  close(): void {
    this.#client.api.close();
  }
}

function targetPeer(
  peer: ClusterPeer,
  alive: ReadonlySet<string>,
  region: string | undefined,
  freeSpace: number | undefined,
): TargetPeer {
  const error =
    peer.error ?? (peer.ipfs.error === undefined ? undefined : `its IPFS node: ${peer.ipfs.error}`);
  return {
    id: peer.id,
    up: alive.has(peer.id) && error === undefined,
    ...(peer.name === undefined ? {} : { name: peer.name }),
    ...(region === undefined ? {} : { region }),
    ...(freeSpace === undefined || !Number.isSafeInteger(freeSpace) ? {} : { freeSpace }),
    ...(error === undefined ? {} : { error }),
    ...(peer.ipfs.id === undefined ? {} : { swarm: { id: peer.ipfs.id, addresses: peer.ipfs.addresses } }),
  };
}
