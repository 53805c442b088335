export interface ClusterPorts {
  swarm: number;
  rest: number;
  pinningService: number;
}

export interface BasicAuth {
  user: string;
  password: string;
}

/** What distinguishes the peers of one cluster, and the settings they share. */
export interface PeerSettings {
  name: string;
  region: string;
  ports: ClusterPorts;
  kuboApiPort: number;
  /** The addresses of the other peers. */
  others: readonly string[];
  auth?: BasicAuth;
  replication?: { min: number; max: number };
  disableRepinning: boolean;
  rebroadcast?: string;
  concurrentPins?: number;
  batching?: Batching;
}

/** Changes that a peer collects before it tells the others. */
export interface Batching {
  size: number;
  age: string;
}

type Json = Record<string, unknown>;

/** Changes to what `ipfs-cluster-service init` wrote: loopback only, quick to notice things, small in memory. */
export function clusterConfig(written: Json, settings: PeerSettings): Json {
  const at = (port: number) => `/ip4/127.0.0.1/tcp/${port}`;
  const { ports, auth } = settings;
  const credentials = auth ? { [auth.user]: auth.password } : null;
  const section = (...path: string[]) => path.reduce<Json>((json, key) => json[key] as Json, written);
  return {
    ...written,
    cluster: {
      ...section('cluster'),
      peername: settings.name,
      listen_multiaddress: [at(ports.swarm)],
      peer_addresses: settings.others,
      enable_relay_hop: false,
      mdns_interval: '0s',
      monitor_ping_interval: '2s',
      peer_watch_interval: '1s',
      replication_factor_min: settings.replication?.min ?? -1,
      replication_factor_max: settings.replication?.max ?? -1,
      disable_repinning: settings.disableRepinning,
    },
    consensus: {
      crdt: {
        ...section('consensus', 'crdt'),
        rebroadcast_interval: settings.rebroadcast ?? '2s',
        ...(settings.batching && {
          batching: {
            ...section('consensus', 'crdt', 'batching'),
            max_batch_size: settings.batching.size,
            max_batch_age: settings.batching.age,
          },
        }),
      },
    },
    // A section that is absent is a component that does not run: there is no IPFS proxy.
    api: {
      restapi: {
        ...section('api', 'restapi'),
        http_listen_multiaddress: at(ports.rest),
        basic_auth_credentials: credentials,
      },
      pinsvcapi: {
        ...section('api', 'pinsvcapi'),
        http_listen_multiaddress: at(ports.pinningService),
        basic_auth_credentials: credentials,
      },
    },
    ipfs_connector: {
      ipfshttp: {
        ...section('ipfs_connector', 'ipfshttp'),
        node_multiaddress: at(settings.kuboApiPort),
        connect_swarms_delay: '1s',
      },
    },
    monitor: { pubsubmon: { check_interval: '2s' } },
    pin_tracker: {
      stateless: {
        ...section('pin_tracker', 'stateless'),
        ...(settings.concurrentPins !== undefined && { concurrent_pins: settings.concurrentPins }),
      },
    },
    allocator: { balanced: { allocate_by: ['tag:region', 'freespace'] } },
    informer: {
      disk: { metric_ttl: metricTtl, metric_type: 'freespace' },
      tags: { metric_ttl: metricTtl, tags: { region: settings.region } },
    },
    observations: {
      metrics: { ...section('observations', 'metrics'), enable_stats: false },
      tracing: { ...section('observations', 'tracing'), enable_tracing: false },
    },
    datastore: { pebble: { pebble_options: smallPebble(section('datastore', 'pebble', 'pebble_options')) } },
  };
}

// A peer sends its metrics every half of this. Short, so that a start and a lost peer are noticed soon.
const metricTtl = '6s';

function smallPebble(options: Json): Json {
  return { ...options, cache_size_bytes: 8 << 20, mem_table_size: 4 << 20 };
}
