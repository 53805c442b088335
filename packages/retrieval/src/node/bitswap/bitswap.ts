import { RetrievalError } from '../../error.ts';
import type { CopySource } from '../../proof/copy-source.ts';
import { BitswapPeer } from './bitswap-peer.ts';
import type { Host } from './libp2p-host.ts';
import { dialable } from './peer-address.ts';

export interface BitswapOptions {
  /** For connecting to one peer. Default: 10 s. */
  readonly dialMs?: number | undefined;
  /** The longest that a peer may say nothing of use while it is asked. Default: 10 s. */
  readonly silenceMs?: number | undefined;
  /** Blocks asked of one peer at a time. Default: 32. */
  readonly blocksAtOnce?: number | undefined;
}

/** Where a node can be dialled. */
export interface PeerAddress {
  /** Its peer ID. */
  readonly id: string;
  /** Multiaddresses, as the node tells them. */
  readonly addresses: readonly string[];
}

/** Peers that are asked over bitswap, each over a connection of its own, kept until `stop`. */
export interface Bitswap {
  peer(address: PeerAddress): CopySource;
  stop(): Promise<void>;
}

/** Dials peers for their blocks, and never listens. libp2p is loaded when the first is asked. */
export function createBitswap(options: BitswapOptions = {}): Bitswap {
  const { dialMs = 10_000, silenceMs = 10_000, blocksAtOnce = 32 } = options;
  const peers = new Map<string, BitswapPeer>();
  let starting: Promise<Host> | undefined;
  const host = (): Promise<Host> => {
    starting ??= startedHost((id) => peers.get(id)?.reader(), dialMs);
    return starting;
  };
  return {
    peer({ id, addresses }) {
      const known = peers.get(id);
      if (known !== undefined) return known;
      const peer = new BitswapPeer({ id, addresses: dialable(id, addresses), host, silenceMs, blocksAtOnce });
      peers.set(id, peer);
      return peer;
    },
    async stop() {
      for (const peer of peers.values()) peer.close();
      await (await starting?.catch(() => undefined))?.stop();
    },
  };
}

async function startedHost(
  receive: Parameters<typeof import('./libp2p-host.ts').startHost>[0],
  dialMs: number,
) {
  try {
    const { startHost } = await import('./libp2p-host.ts');
    return await startHost(receive, dialMs);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new RetrievalError(
      'peer-unreachable',
      'asking peers over bitswap needs packages that are not installed: run `npm install libp2p@3 @libp2p/tcp@11 @libp2p/noise@17 @libp2p/yamux@8 @libp2p/identify@4 @multiformats/multiaddr@13`',
      { cause },
    );
  }
}
