import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { rawCid } from '@holdfast/manifest/internal';

const peers = [
  '12D3KooWLRY9Ta8Px6d9SZNMW1ikNqv7PACFYA5ez7TLiDmLwFcL',
  '12D3KooWEvrft8nw8c5kL664hHmrBQkT1kQAtRjUSde4yhQgw8FU',
  '12D3KooWAFcyA6y6DDuPiJfVGqUH79vSracd9aDeuHeWWbe8v4h7',
];

/** The REST API of a cluster with so many pins. All is made beforehand: what is measured is the reader. */
export async function startPinset(count: number): Promise<{ url: string; close: () => Promise<void> }> {
  const lists: Readonly<Record<string, readonly Buffer[]>> = {
    '/pins': [...pieces(count, statusLine)],
    '/allocations': [...pieces(count, allocationLine)],
  };
  const server = createServer((request, response) => {
    const list = lists[new URL(request.url ?? '', 'http://pinset').pathname];
    if (list === undefined) response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
    else void stream(response, list);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

async function stream(response: ServerResponse, list: readonly Buffer[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' });
  try {
    await pipeline(Readable.from(list), response, { end: false });
  } catch (error) {
    // A reader that has seen enough is free to leave.
    if (response.destroyed) return;
    throw error;
  }
  response.addTrailers({ 'X-Stream-Error': '' });
  response.end();
}

/** Many lines in a piece, as they come from a socket. */
function* pieces(count: number, line: (number: number) => string): Generator<Buffer> {
  for (let start = 0; start < count; start += 50) {
    const numbers = Array.from({ length: Math.min(50, count - start) }, (_, index) => start + index);
    yield Buffer.from(numbers.map((number) => `${line(number)}\n`).join(''));
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A sound CID of one raw block, as a real pinset has no two alike. */
function cidOf(number: number): string {
  const digest = new Uint8Array(32);
  new DataView(digest.buffer).setUint32(28, number);
  return rawCid(digest);
}

const metadata = {
  'holdfast-repo': 'github.com/holdfast-data/holdfast',
  'holdfast-ids': '["north-sea-tides@1.2.0"]',
};

function allocationLine(number: number): string {
  return JSON.stringify({
    replication_factor_min: 2,
    replication_factor_max: 3,
    name: `north-sea-tides-${number}@1.2.0`,
    mode: 'recursive',
    shard_size: 0,
    user_allocations: null,
    expire_at: '0001-01-01T00:00:00Z',
    metadata,
    pin_update: null,
    origins: [],
    cid: cidOf(number),
    type: 'pin',
    allocations: peers,
    max_depth: -1,
    reference: null,
    timestamp: '2026-11-21T10:09:08Z',
  });
}

function statusLine(number: number): string {
  const info = (index: number) => ({
    peername: `peer-${index}`,
    ipfs_peer_id: peers[index],
    status: 'pinned',
    timestamp: '2026-11-21T10:09:08Z',
    error: '',
    attempt_count: 0,
    priority_pin: false,
  });
  return JSON.stringify({
    cid: cidOf(number),
    name: `north-sea-tides-${number}@1.2.0`,
    allocations: peers,
    origins: [],
    created: '2026-11-21T10:09:08Z',
    metadata,
    peer_map: Object.fromEntries(peers.map((peer, index) => [peer, info(index)])),
  });
}
