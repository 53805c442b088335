import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const peers = Array.from(
  { length: 3 },
  (_, index) => `12D3KooWHHX2tesL6xiBm9AuYauPFzuh6M9GPSeGLvSKazHoCUh${index}`,
);

/** The REST API of a cluster with so many pins, made as they are read: what is measured is the reader. */
export async function startPinset(count: number): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://pinset');
    if (pathname === '/pins') void stream(response, count, statusLine);
    else if (pathname === '/allocations') void stream(response, count, allocationLine);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

async function stream(
  response: ServerResponse,
  count: number,
  line: (number: number) => string,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' });
  try {
    await pipeline(Readable.from(lines(count, line)), response, { end: false });
  } catch (error) {
    // A reader that has seen enough is free to leave.
    if (response.destroyed) return;
    throw error;
  }
  response.addTrailers({ 'X-Stream-Error': '' });
  response.end();
}

/** In pieces of many lines, so that making them does not take longer than reading them. */
function* lines(count: number, line: (number: number) => string): Generator<string> {
  for (let start = 0; start < count; start += 50) {
    const numbers = Array.from({ length: Math.min(50, count - start) }, (_, index) => start + index);
    yield numbers.map((number) => `${line(number)}\n`).join('');
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Text of a CID's form and length, as a real pinset has no two alike. */
function cidOf(number: number): string {
  return `bafkrei${number.toString(32).padStart(52, 'z')}`;
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
