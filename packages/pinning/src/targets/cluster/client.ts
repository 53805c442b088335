import { type JsonObject, list, object, text, texts } from '@holdfast/http';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions } from '../../target/target.ts';
import { type ApiOptions, type TargetClient, targetClient } from '../target-client.ts';
import { clusterRefusal } from './refusal-words.ts';
import { retryTruncated } from './retry-truncated.ts';

export interface ClusterPeer {
  readonly id: string;
  readonly name?: string;
  readonly version?: string;
  readonly addresses: readonly string[];
  readonly error?: string;
  readonly ipfs: { readonly id?: string; readonly addresses: readonly string[]; readonly error?: string };
}

export interface ClusterMetric {
  readonly name: string;
  readonly peer: string;
  readonly value: string;
  readonly valid: boolean;
  /** Nanoseconds since 1970, by the clock of the peer that the metric is about. */
  readonly expire: number;
}

export interface ClusterAlert extends ClusterMetric {
  readonly triggeredAt?: string;
}

/** Who is connected to whom (api/types.go, ConnectGraph). */
export interface HealthGraph {
  readonly clusterId: string;
  readonly peerNames: Readonly<Record<string, string>>;
  readonly clusterLinks: Readonly<Record<string, readonly string[]>>;
  readonly ipfsLinks: Readonly<Record<string, readonly string[]>>;
  readonly clusterToIpfs: Readonly<Record<string, string>>;
}

/** The REST API of IPFS Cluster, call by call. */
export class ClusterClient {
  readonly api: TargetClient;

  constructor(options: ApiOptions) {
    this.api = targetClient(options, clusterRefusal);
  }

  async id({ signal }: CallOptions = {}): Promise<ClusterPeer> {
    return this.#expect(peerFrom(await this.#get('/id', signal)), '/id', 'a peer with an id');
  }

  async version({ signal }: CallOptions = {}): Promise<string> {
    const version = text(object(await this.#get('/version', signal))?.version);
    return this.#expect(version, '/version', 'a version');
  }

  peers({ signal }: CallOptions = {}): Promise<ClusterPeer[]> {
    return retryTruncated(async () => {
      const peers: ClusterPeer[] = [];
      for await (const line of this.api.lines({ method: 'GET', path: '/peers' }, signal)) {
        const peer = peerFrom(line);
        if (peer) peers.push(peer);
      }
      return peers;
    });
  }

  async metricNames({ signal }: CallOptions = {}): Promise<readonly string[]> {
    return texts(await this.#get('/monitor/metrics', signal));
  }

  /**
   * The latest of each peer. The answering peer has dropped what is expired by its own clock, and `expire` is
   * by the clock of the peer it tells of: comparing it with a third clock, this machine's, proves nothing.
   */
  async metrics(name: string, { signal }: CallOptions = {}): Promise<ClusterMetric[]> {
    const metrics = list(await this.#get(`/monitor/metrics/${encodeURIComponent(name)}`, signal));
    return metrics.flatMap((value) => metricFrom(object(value)));
  }

  async alerts({ signal }: CallOptions = {}): Promise<ClusterAlert[]> {
    return list(await this.#get('/health/alerts', signal)).flatMap((value) => {
      const triggeredAt = text(object(value)?.triggered_at);
      return metricFrom(object(value)).map((metric) => ({ ...metric, ...(triggeredAt && { triggeredAt }) }));
    });
  }

  async healthGraph({ signal }: CallOptions = {}): Promise<HealthGraph> {
    const graph = object(await this.#get('/health/graph', signal));
    const links = (value: unknown) =>
      Object.fromEntries(Object.entries(object(value) ?? {}).map(([peer, ids]) => [peer, texts(ids)]));
    const names = (value: unknown) =>
      Object.fromEntries(Object.entries(object(value) ?? {}).map(([peer, name]) => [peer, text(name) ?? '']));
    return {
      clusterId: this.#expect(text(graph?.cluster_id), '/health/graph', 'a cluster_id'),
      peerNames: names(graph?.id_to_peername),
      clusterLinks: links(graph?.cluster_links),
      ipfsLinks: links(graph?.ipfs_links),
      clusterToIpfs: names(graph?.cluster_to_ipfs),
    };
  }

  /** A bearer token for the basic credentials in use. */
  async issueToken({ signal }: CallOptions = {}): Promise<string> {
    const answer = object(
      await this.api.json({ method: 'POST', path: '/token', answersSecret: true }, signal),
    );
    return this.#expect(text(answer?.token), '/token', 'a token');
  }

  allocations(options: CallOptions = {}): AsyncGenerator<unknown> {
    const query = new URLSearchParams({ filter: 'pin' });
    return this.api.lines({ method: 'GET', path: '/allocations', query }, options.signal);
  }

  /** undefined where nobody asked for the CID. */
  async allocation(cid: string, { signal }: CallOptions = {}): Promise<unknown> {
    return orNothing(this.#get(`/allocations/${cid}`, signal));
  }

  /** Of these CIDs, or of all without any. */
  statuses(cids: readonly string[] | undefined, { signal }: CallOptions = {}): AsyncGenerator<unknown> {
    const query = new URLSearchParams(cids ? { cids: cids.join(',') } : {});
    return this.api.lines({ method: 'GET', path: '/pins', query }, signal);
  }

  pin(cid: string, query: URLSearchParams, { signal }: CallOptions = {}): Promise<unknown> {
    return this.api.json({ method: 'POST', path: `/pins/${cid}`, query }, signal);
  }

  async unpin(cid: string, { signal }: CallOptions = {}): Promise<void> {
    await orNothing(this.api.json({ method: 'DELETE', path: `/pins/${cid}` }, signal));
  }

  async recover(cid: string, { signal }: CallOptions = {}): Promise<void> {
    await this.api.json({ method: 'POST', path: `/pins/${cid}/recover` }, signal);
  }

  #get(path: string, signal?: AbortSignal): Promise<unknown> {
    return this.api.json({ method: 'GET', path }, signal);
  }

  #expect<T>(value: T | undefined, path: string, what: string): T {
    if (value !== undefined) return value;
    throw new PinningError('bad-response', `${this.api.label}: ${path} expected ${what}, got none`);
  }
}

async function orNothing(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PinningError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function peerFrom(value: unknown): ClusterPeer | undefined {
  const peer = object(value);
  const id = text(peer?.id);
  if (!peer || id === undefined) return undefined;
  const ipfs = object(peer.ipfs);
  return {
    id,
    ...optional('name', text(peer.peername)),
    ...optional('version', text(peer.version)),
    ...optional('error', text(peer.error)),
    addresses: texts(peer.addresses),
    ipfs: {
      ...optional('id', text(ipfs?.id)),
      ...optional('error', text(ipfs?.error)),
      addresses: texts(ipfs?.addresses),
    },
  };
}

function metricFrom(metric: JsonObject | undefined): ClusterMetric[] {
  const name = text(metric?.name);
  const peer = text(metric?.peer);
  if (!metric || name === undefined || peer === undefined) return [];
  const expire = typeof metric.expire === 'number' ? metric.expire : 0;
  return [{ name, peer, value: text(metric.value) ?? '', valid: metric.valid === true, expire }];
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
