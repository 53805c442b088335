/** Where one Kubo node listens. */
export interface KuboPorts {
  swarm: number;
  api: number;
  gateway: number;
}

/**
 * How nodes find records of each other: not at all; over a DHT of their own that is a delegated router as well; or over that
 * and by pubsub, which brings a new record to whoever has asked for the name before.
 */
export type KuboRouting = 'none' | 'dht' | 'pubsub';

/** Changes to what `ipfs init` wrote, so that the node talks to loopback alone, and dials nobody by itself. */
export function kuboConfig(
  written: Record<string, unknown>,
  ports: KuboPorts,
  routing: KuboRouting = 'none',
): Record<string, unknown> {
  const at = (port: number) => `/ip4/127.0.0.1/tcp/${port}`;
  return {
    ...written,
    Addresses: {
      Swarm: [at(ports.swarm)],
      Announce: [],
      AppendAnnounce: [],
      NoAnnounce: [],
      API: at(ports.api),
      Gateway: at(ports.gateway),
    },
    AutoConf: { Enabled: false },
    AutoNAT: { ServiceMode: 'disabled' },
    AutoTLS: { Enabled: false },
    Bootstrap: [],
    DNS: { Resolvers: {} },
    Discovery: { MDNS: { Enabled: false } },
    HTTPRetrieval: { Enabled: false },
    Plugins: { Plugins: { telemetry: { Disabled: true, Config: { Mode: 'off' } } } },
    Provide: { Enabled: routing !== 'none' },
    Gateway: { ...(written.Gateway as object), ExposeRoutingAPI: routing !== 'none' },
    ...(routing === 'pubsub' && { Pubsub: { Enabled: true }, Ipns: { UsePubsub: true } }),
    // Without the last, nodes on loopback do not take each other into their tables.
    Routing: routing !== 'none' ? { Type: 'dhtserver', LoopbackAddressesOnLanDHT: true } : { Type: 'none' },
    Swarm: {
      DisableNatPortMap: true,
      EnableHolePunching: false,
      RelayClient: { Enabled: false },
      RelayService: { Enabled: false },
      Transports: {
        Network: { QUIC: false, Relay: false, WebRTCDirect: false, WebTransport: false, Websocket: false },
      },
    },
    Version: { SwarmCheckEnabled: false },
  };
}

export const kuboEnvironment = { IPFS_TELEMETRY: 'off', DO_NOT_TRACK: '1', GOLOG_LOG_LEVEL: 'error' };
