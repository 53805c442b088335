import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCid } from '@holdfast/content/internal';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { binaryCid, DagBuilder } from '../../../content/test/support/dag.ts';
import { noise } from '../../../content/test/support/temp-folder.ts';
import { type Bitswap, type CopyProof, createBitswap, proveCopies } from '../../src/proof.ts';
import { blocksMessage, lackMessage, startDeafPeer, startPeer, varint, type Wanted } from './hostile-peer.ts';

const dag = new DagBuilder();
const leaf = dag.raw(noise(1000, 1));
const leafBytes = dag.blocks.get(leaf) as Uint8Array;
const leaves = [1, 2, 3, 4, 5].map((i) => dag.raw(noise(1000, i)));
const folder = dag.directory(leaves.map((cid, i) => [`${i}`, cid] as const));
const silenceMs = 1500;

let bitswap: Bitswap;
beforeEach(() => {
  bitswap = createBitswap({ dialMs: 2000, silenceMs });
});
afterEach(() => bitswap.stop());

type Behaviour = (wanted: Wanted, message: Uint8Array) => Promise<void>;

async function proofOf(cid: string, behaviour: Behaviour): Promise<CopyProof & { readonly took: number }> {
  const peer = await startPeer(behaviour);
  return prove(cid, peer);
}

async function prove(cid: string, peer: { readonly id: string; readonly addresses: readonly string[] }) {
  const began = performance.now();
  const [proof] = await proveCopies(cid, [{ peer: peer.id, source: bitswap.peer(peer) }], {
    seed: 's',
    blocks: 'all',
  });
  return { ...(proof as CopyProof), took: performance.now() - began };
}

/** Long enough for the slowest answer that is allowed, on a busy machine. */
const bound = 20_000;

describe('a peer that', () => {
  it('answers as it should is proved', async () => {
    const proof = await proofOf(leaf, ({ send }) => send(blocksMessage(leafBytes)));
    expect(proof).toMatchObject({ verdict: 'proved', blocks: 1, bytes: 1000 });
  });

  it('says that it has nothing is refuted', async () => {
    const proof = await proofOf(leaf, ({ send }) => send(lackMessage(binaryCid(leaf))));
    expect(proof).toMatchObject({ verdict: 'refuted', missing: [leaf] });
  });

  it('sends a block of another CID is refuted', async () => {
    const proof = await proofOf(leaf, ({ send }) => send(blocksMessage(noise(1000, 99))));
    expect(proof).toMatchObject({ verdict: 'refuted', damaged: [leaf], missing: [] });
    expect(proof.took).toBeLessThan(bound);
  });

  it('sends other bytes for one of several blocks is refuted for that one alone', async () => {
    const spoilt = leaves[2] as string;
    const proof = await proofOf(folder, async ({ send }, message) => {
      const asked = [folder, ...leaves].filter((cid) => includes(message, parseCid(cid).digest));
      for (const cid of asked)
        await send(blocksMessage(cid === spoilt ? noise(700, 9) : (dag.blocks.get(cid) as Uint8Array)));
    });
    expect(proof).toMatchObject({ verdict: 'refuted', damaged: [spoilt], missing: [], blocks: 5 });
  });

  it('sends many other blocks beside the right one is proved', async () => {
    const strays = Array.from({ length: 50 }, (_, i) => noise(500, 1000 + i));
    const proof = await proofOf(leaf, async ({ send }) => {
      await send(blocksMessage(leafBytes), blocksMessage(...strays));
    });
    expect(proof).toMatchObject({ verdict: 'proved' });
  });

  it.each<[string, RegExp, Behaviour]>([
    ['answers garbage', /not bitswap/, ({ send }) => send(Uint8Array.of(200, 1, ...noise(300, 4)))],
    [
      'answers with a number that never ends',
      /not bitswap/,
      ({ send }) => send(new Uint8Array(4000).fill(255)),
    ],
    ['never answers', /for 1500 ms/, async () => {}],
    ['answers an empty message', /for 1500 ms/, ({ send }) => send(Uint8Array.of(0))],
    [
      'sends one byte a second',
      /for 1500 ms/,
      async ({ send, signal }) => {
        const message = blocksMessage(leafBytes);
        for (const byte of message) {
          await send(Uint8Array.of(byte));
          await sleep(1000, undefined, { signal });
        }
      },
    ],
    ['says that another CID is not there', /for 1500 ms/, ({ send }) => send(lackMessage(binaryCid(folder)))],
    ['hangs up', /closed the connection/, async ({ hangUp }) => hangUp()],
  ])('%s is unreachable', async (_, why, behaviour) => {
    const proof = await proofOf(leaf, behaviour);
    expect(proof).toMatchObject({ verdict: 'unreachable', blocks: 0, lost: 0 });
    expect(proof.why).toMatch(why);
    expect(proof.took).toBeLessThan(bound);
  });

  it('sends 2 GiB is unreachable, and none of it is kept', async () => {
    const before = process.memoryUsage();
    const chunk = new Uint8Array(65_536);
    let sent = 0;
    const proof = await proofOf(leaf, async ({ send, signal }) => {
      const parts = function* () {
        yield Uint8Array.from(varint(2 ** 31));
        for (; sent < 2 ** 31 && !signal.aborted; sent += chunk.length) yield chunk;
      };
      for (const part of parts()) await send(part);
    });
    expect(proof).toMatchObject({ verdict: 'unreachable' });
    expect(proof.why).toMatch(/a message of 2147483648 bytes, where at most 4194304 are taken/);
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(100 << 20);
  });

  it('answers a whole dataset with blocks nobody asked for ends as refuted, in bounded time and memory', async () => {
    const before = process.memoryUsage().rss;
    const proof = await proofOf(folder, async ({ send }) => {
      for (let i = 0; i < 200; i++) await send(blocksMessage(noise(100_000, i + 10_000)));
    });
    expect(proof).toMatchObject({ verdict: 'refuted', damaged: [folder] });
    expect(proof.took).toBeLessThan(bound);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
  });
});

describe('an address behind which', () => {
  async function serverWith(onConnection: (socket: Socket) => void) {
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as { port: number };
    return `/ip4/127.0.0.1/tcp/${port}`;
  }
  const id = '12D3KooWA7wZEcYTCBpSjBsCGbtNzyFgzVLVKAnDEtDMXKHzBwbk';

  it.each<[string, (socket: Socket) => void]>([
    ['nothing is said', () => undefined],
    ['a web server is', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['garbage comes without an end', (socket) => socket.pipe(socket)],
    ['the connection is cut', (socket) => socket.destroy()],
  ])('%s is unreachable', async (_, onConnection) => {
    const proof = await prove(leaf, { id, addresses: [await serverWith(onConnection)] });
    expect(proof).toMatchObject({ verdict: 'unreachable' });
    expect(proof.why).toMatch(/^could not connect: /);
    expect(proof.took).toBeLessThan(bound);
  });

  it('another peer is, is unreachable: an address is not an identity', async () => {
    const honest = await startPeer(({ send }) => send(blocksMessage(leafBytes)));
    const addresses = honest.addresses.map((address) => address.replace(/\/p2p\/.*/, ''));
    expect(await prove(leaf, { id, addresses })).toMatchObject({ verdict: 'unreachable' });
  });

  it('a node is that does not speak bitswap, is unreachable', async () => {
    const proof = await prove(leaf, await startDeafPeer());
    expect(proof).toMatchObject({ verdict: 'unreachable' });
    expect(proof.why).toMatch(/^could not connect: .*protocol/i);
    expect(proof.took).toBeLessThan(bound);
  });

  it('nobody can be dialled from here, is unreachable at once', async () => {
    const addresses = ['/ip4/127.0.0.1/udp/4001/quic-v1', `/ip4/127.0.0.1/tcp/1/p2p/${id}/p2p-circuit`, 'x'];
    const proof = await prove(leaf, { id, addresses });
    expect(proof.why).toBe('could not connect: it has no address over TCP that could be dialled from here');
    expect(proof.took).toBeLessThan(5000);
  });

  it('nobody answers any more, is found out once, not once for each dataset', async () => {
    const address = await serverWith(() => undefined);
    const peer = { id, addresses: [address] };
    await prove(leaf, peer);
    const again = await Promise.all(Array.from({ length: 50 }, () => prove(leaf, peer)));
    expect(again.every(({ verdict, took }) => verdict === 'unreachable' && took < 1000)).toBe(true);
  });
});

describe('a connection that breaks', () => {
  it('is made again as often as it had served, and no more', async () => {
    let times = 0;
    const peer = await startPeer(async ({ send, hangUp }) => {
      times += 1;
      if (times % 2 === 0 || times > 10) hangUp();
      else await send(blocksMessage(leafBytes));
    });
    const verdicts: string[] = [];
    for (let i = 0; i < 14; i++) verdicts.push((await prove(leaf, peer)).verdict);
    expect(verdicts.slice(0, 10)).toEqual(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 'proved' : 'unreachable')),
    );
    expect(verdicts.slice(10)).toEqual(new Array(4).fill('unreachable'));
    expect(times).toBeLessThan(14);
  });

  it('is made once more, and what was asked then is answered', async () => {
    let times = 0;
    const peer = await startPeer(async ({ send, hangUp }) => {
      times += 1;
      if (times === 1) hangUp();
      else await send(blocksMessage(leafBytes));
    });
    expect(await prove(leaf, peer)).toMatchObject({
      verdict: 'unreachable',
      why: 'it closed the connection',
    });
    expect(await prove(leaf, peer)).toMatchObject({ verdict: 'proved' });
  });
});

function includes(message: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(message).includes(part);
}
