import { type ExpectedLines, type JsonObject, object, text, texts } from '@holdfast/http';
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

  id({ signal }: CallOptions = {}): Promise<ClusterPeer> {
    return this.#get('/id', signal, 'a peer with an id', peerFrom);
  }

  version({ signal }: CallOptions = {}): Promise<string> {
    return this.#get('/version', signal, 'a version', (value) => text(object(value)?.version));
  }

  peers({ signal }: CallOptions = {}): Promise<ClusterPeer[]> {
    return retryTruncated(async () => {
      const peers: ClusterPeer[] = [];
      const expected = {
        what: 'the peers of a cluster',
        read: peerFrom,
        lacks: () => (peers.length === 0 ? 'none' : undefined),
      };
      for await (const peer of this.api.lines({ method: 'GET', path: '/peers' }, signal, expected))
        peers.push(peer);
      return peers;
    });
  }

  async metricNames({ signal }: CallOptions = {}): Promise<readonly string[]> {
    return texts(await this.#get('/monitor/metrics', signal, 'a list of names', listFrom));
  }

  /**
   * The latest of each peer. The answering peer has dropped what is expired by its own clock, and `expire` is
   * by the clock of the peer it tells of: comparing it with a third clock, this machine's, proves nothing.
   */
  async metrics(name: string, { signal }: CallOptions = {}): Promise<ClusterMetric[]> {
    const path = `/monitor/metrics/${encodeURIComponent(name)}`;
    const metrics = await this.#get(path, signal, 'a list of metrics', listFrom);
    return metrics.flatMap((value) => metricFrom(object(value)));
  }

  async alerts({ signal }: CallOptions = {}): Promise<ClusterAlert[]> {
    const alerts = await this.#get('/health/alerts', signal, 'a list of alerts', listFrom);
    return alerts.flatMap((value) => {
      const triggeredAt = text(object(value)?.triggered_at);
      return metricFrom(object(value)).map((metric) => ({ ...metric, ...(triggeredAt && { triggeredAt }) }));
    });
  }

  async healthGraph({ signal }: CallOptions = {}): Promise<HealthGraph> {
    const { graph, clusterId } = await this.#get(
      '/health/graph',
      signal,
      'a graph with a cluster_id',
      (value) => {
        const graph = object(value);
        const clusterId = text(graph?.cluster_id);
        return graph && clusterId !== undefined ? { graph, clusterId } : undefined;
      },
    );
    const links = (value: unknown) =>
      Object.fromEntries(Object.entries(object(value) ?? {}).map(([peer, ids]) => [peer, texts(ids)]));
    const names = (value: unknown) =>
      Object.fromEntries(Object.entries(object(value) ?? {}).map(([peer, name]) => [peer, text(name) ?? '']));
    return {
      clusterId,
      peerNames: names(graph.id_to_peername),
      clusterLinks: links(graph.cluster_links),
      ipfsLinks: links(graph.ipfs_links),
      clusterToIpfs: names(graph.cluster_to_ipfs),
    };
  }

  /** A bearer token for the basic credentials in use. */
  issueToken({ signal }: CallOptions = {}): Promise<string> {
    return this.api.json({ method: 'POST', path: '/token', answersSecret: true }, signal, {
      what: 'a token',
      read: (value) => text(object(value)?.token),
    });
  }

  allocations(options: CallOptions = {}): AsyncGenerator<JsonObject> {
    const query = new URLSearchParams({ filter: 'pin' });
    return this.api.lines({ method: 'GET', path: '/allocations', query }, options.signal, {
      what: 'pins with a cid',
      read: withCid,
    });
  }

  /** undefined where nobody asked for the CID. */
  async allocation(cid: string, { signal, turn }: CallOptions = {}): Promise<unknown> {
    const request = { method: 'GET', path: `/allocations/${cid}`, turn } as const;
    return orNothing(this.api.json(request, signal, { what: `the pin of ${cid}`, read: ofCid(cid) }));
  }

  /** Of these CIDs, one for each, or of all without any. */
  statuses(cids: readonly string[] | undefined, { signal }: CallOptions = {}): AsyncGenerator<JsonObject> {
    const query = new URLSearchParams(cids ? { cids: cids.join(',') } : {});
    const missing = new Set(cids);
    const read = (value: unknown) => {
      const status = withCid(value);
      if (status === undefined || object(status.peer_map) === undefined) return undefined;
      missing.delete(String(status.cid));
      return status;
    };
    const lacks = () => (missing.size === 0 ? undefined : `none of ${[...missing].slice(0, 3).join(', ')}`);
    const expected: ExpectedLines<JsonObject> = { what: 'the status of pins', read, lacks };
    return this.api.lines({ method: 'GET', path: '/pins', query }, signal, expected);
  }

  async pin(cid: string, query: URLSearchParams, { signal, turn }: CallOptions = {}): Promise<void> {
    const request = { method: 'POST', path: `/pins/${cid}`, query, turn } as const;
    await this.api.json(request, signal, { what: `the pin of ${cid}`, read: ofCid(cid) });
  }

  async unpin(cid: string, { signal }: CallOptions = {}): Promise<void> {
    await orNothing(this.api.json({ method: 'DELETE', path: `/pins/${cid}` }, signal));
  }

  async recover(cid: string, { signal }: CallOptions = {}): Promise<void> {
    await this.api.json({ method: 'POST', path: `/pins/${cid}/recover` }, signal);
  }

  #get<T>(
    path: string,
    signal: AbortSignal | undefined,
    what: string,
    read: (value: unknown) => T | undefined,
  ): Promise<T> {
    return this.api.json({ method: 'GET', path }, signal, { what, read });
  }
}

/** Go writes an empty list as null. */
function listFrom(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : value === null ? [] : undefined;
}

function withCid(value: unknown): JsonObject | undefined {
  const line = object(value);
  return text(line?.cid) === undefined ? undefined : line;
}

function ofCid(cid: string): (value: unknown) => JsonObject | undefined {
  return (value) => (withCid(value)?.cid === cid ? object(value) : undefined);
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
