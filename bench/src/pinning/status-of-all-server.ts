import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CID } from 'multiformats/cid';

const peers = Array.from({ length: 3 }, (_, index) => `12D3KooWHHX2tesL6xiBm9AuYauPFzuh6M9GPSeGLvSKazHoCUh${index}`);

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

async function stream(response: ServerResponse, count: number, line: (number: number) => string): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' });
  for (let number = 0; number < count && !response.destroyed; number += 1) {
    if (response.write(`${line(number)}\n`)) continue;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve).once('close', resolve);
    });
  }
  response.addTrailers({ 'X-Stream-Error': '' });
  response.end();
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Raw CIDs of every size of number, as a real pinset has none alike. */
function cidOf(number: number): string {
  const bytes = new Uint8Array(36);
  bytes.set([1, 0x55, 0x12, 32]);
  new DataView(bytes.buffer).setUint32(32, Math.imul(number, 0x9e3779b1));
  return CID.decode(bytes).toString();
}

const metadata = { 'holdfast-repo': 'github.com/holdfast-data/holdfast', 'holdfast-ids': '["north-sea-tides@1.2.0"]' };

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
