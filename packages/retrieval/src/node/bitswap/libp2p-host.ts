import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';

export interface Host {
  /** Connects to one peer, by one of its addresses. It must prove that it is that peer. */
  connect(addresses: readonly string[]): Promise<HostConnection>;
  stop(): Promise<void>;
}

export interface HostConnection {
  /** Sends a message of bitswap. */
  send(message: Uint8Array, withinMs: number): Promise<void>;
  onClose(listener: () => void): void;
  abort(error: Error): void;
}

/** Who reads a stream that a peer opened; nobody where nothing was asked of it. */
export type Receive = (peer: string) => StreamReader | undefined;

export interface StreamReader {
  part(bytes: Uint8Array): void;
  /** Nothing more comes. */
  end(): void;
}

/** The version in which a peer says what it does not have. */
const bitswap = '/ipfs/bitswap/1.2.0';
/** A peer opens a stream for each answer, eight at a time and more while they close: what is over the limit would be lost. */
const maxInboundStreams = 256;

/** A libp2p host that dials and never listens. */
export async function startHost(receive: Receive, dialMs: number): Promise<Host> {
  const node = await createLibp2p({
    addresses: { listen: [] },
    logger: quiet,
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
    connectionManager: { dialTimeout: dialMs, addressDialTimeout: dialMs, reconnectRetries: 0 },
    connectionMonitor: { enabled: false },
  });
  rememberOnce(node.peerStore);
  await node.handle(
    bitswap,
    async (stream, connection) => {
      const reader = receive(connection.remotePeer.toString());
      if (reader === undefined) return stream.abort(new Error('nothing was asked of this peer'));
      try {
        for await (const part of stream) reader.part(part instanceof Uint8Array ? part : part.subarray());
        await stream.close();
      } catch (error) {
        stream.abort(error as Error);
      } finally {
        reader.end();
      }
    },
    { maxInboundStreams },
  );
  return {
    async connect(addresses) {
      // For all of it: a peer may take the connection, and then not say which protocols it speaks.
      const signal = AbortSignal.timeout(2 * dialMs);
      const connection = await node.dial(
        addresses.map((each) => multiaddr(each)),
        { signal },
      );
      let stream = await connection.newStream(bitswap, { signal });
      return {
        async send(message, withinMs) {
          if (stream.writeStatus !== 'writable')
            stream = await connection.newStream(bitswap, { signal: AbortSignal.timeout(withinMs) });
          if (!stream.send(message)) await stream.onDrain({ signal: AbortSignal.timeout(withinMs) });
        },
        onClose: (listener) => connection.addEventListener('close', listener),
        abort: (error) => connection.abort(error),
      };
    },
    stop: async () => {
      await node.stop();
    },
  };
}

type ComponentLogger = Libp2p['logger'];
type Logger = ReturnType<ComponentLogger['forComponent']>;

/** libp2p makes loggers for each stream, a tenth of all the memory that it asks for, whether anybody listens or not. */
const silent: Logger = Object.assign(() => undefined, {
  enabled: false,
  trace: () => undefined,
  error: () => undefined,
  newScope: () => silent,
});
const quiet: ComponentLogger = { forComponent: () => silent };

/**
 * A node opens a stream for each answer, and for each one libp2p would write down anew that it speaks bitswap: a third of all
 * the work. Once is enough.
 */
function rememberOnce(store: Libp2p['peerStore']): void {
  const merge = store.merge.bind(store);
  const known = new Map<string, ReturnType<typeof merge>>();
  store.merge = (peer, data, options) => {
    if (Object.keys(data).join() !== 'protocols') return merge(peer, data, options);
    const key = `${peer} ${data.protocols?.join()}`;
    const found = known.get(key) ?? merge(peer, data, options);
    known.set(key, found);
    return found;
  };
}
