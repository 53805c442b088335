import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { onTestFinished } from 'vitest';

const bitswap = '/ipfs/bitswap/1.2.0';

export interface Wanted {
  /** Sends bytes as they are over a new stream of bitswap. */
  send(...parts: readonly Uint8Array[]): Promise<void>;
  hangUp(): void;
  /** Ends when the test does. */
  readonly signal: AbortSignal;
}

/** A peer that does with each wantlist it gets what the test says. Gives how it is reached. */
export async function startPeer(onWants: (wanted: Wanted, message: Uint8Array) => Promise<void>) {
  const stop = new AbortController();
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
  });
  let wantlists = 0;
  await node.handle(bitswap, async (stream, connection) => {
    try {
      for await (const part of stream) {
        wantlists += 1;
        const message = part instanceof Uint8Array ? part : part.subarray();
        const wanted: Wanted = {
          async send(...parts) {
            const out = await connection.newStream(bitswap);
            for (const bytes of parts) if (!out.send(bytes)) await out.onDrain();
            await out.close();
          },
          hangUp: () => connection.abort(new Error('hung up')),
          signal: stop.signal,
        };
        onWants(wanted, message).catch(() => undefined);
      }
    } catch {
      // The other side went.
    }
  });
  onTestFinished(async () => {
    stop.abort();
    await node.stop();
  });
  return {
    id: node.peerId.toString(),
    addresses: node.getMultiaddrs().map(String),
    wantlists: () => wantlists,
  };
}

/** A node that speaks libp2p, and not bitswap. */
export async function startDeafPeer() {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
  });
  onTestFinished(async () => {
    await node.stop();
  });
  return { id: node.peerId.toString(), addresses: node.getMultiaddrs().map(String) };
}

/** A message of bitswap with some blocks. */
export function blocksMessage(...blocks: readonly Uint8Array[]): Uint8Array {
  const prefix = [0x0a, 4, 1, 0x55, 0x12, 32];
  const body = blocks.flatMap((bytes) => {
    const block = [...prefix, 0x12, ...varint(bytes.length), ...bytes];
    return [0x1a, ...varint(block.length), ...block];
  });
  return Uint8Array.from([...varint(body.length), ...body]);
}

/** Says of a CID, in its binary form, that it is not here. */
export function lackMessage(cid: Uint8Array): Uint8Array {
  const presence = [0x0a, cid.length, ...cid, 0x10, 1];
  const body = [0x22, presence.length, ...presence];
  return Uint8Array.from([...varint(body.length), ...body]);
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}
