import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';

export interface Host {
  /** Connects to one peer, by one of its addresses. It must prove that it is that peer. */
  connect(addresses: readonly string[], signal: AbortSignal): Promise<HostConnection>;
  stop(): Promise<void>;
}

export interface HostConnection {
  /** Sends a message of bitswap. */
  send(message: Uint8Array, signal: AbortSignal): Promise<void>;
  onClose(listener: () => void): void;
  abort(error: Error): void;
}

/** What a peer sends, in parts as they come; ends with `undefined` for each stream it opened. */
export type Receive = (peer: string) => StreamReader | undefined;

export interface StreamReader {
  part(bytes: Uint8Array): void;
}

/** The version in which a peer says what it does not have. */
const bitswap = '/ipfs/bitswap/1.2.0';
/** A peer answers over streams that it opens itself; each holds one message in memory at most. */
const maxInboundStreams = 8;

/** A libp2p host that dials and never listens. */
export async function startHost(receive: Receive, dialMs: number): Promise<Host> {
  const node = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
    connectionManager: { dialTimeout: dialMs, addressDialTimeout: dialMs, reconnectRetries: 0 },
    connectionMonitor: { enabled: false },
  });
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
      }
    },
    { maxInboundStreams },
  );
  return {
    async connect(addresses, signal) {
      const connection = await node.dial(
        addresses.map((each) => multiaddr(each)),
        { signal },
      );
      let stream = await connection.newStream(bitswap, { signal });
      return {
        async send(message, sendSignal) {
          if (stream.writeStatus !== 'writable')
            stream = await connection.newStream(bitswap, { signal: sendSignal });
          if (!stream.send(message)) await stream.onDrain({ signal: sendSignal });
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
