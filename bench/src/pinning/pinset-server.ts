import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The REST API of a cluster of one peer that takes pins and keeps them: what is measured is whoever asks. */
export async function startPinsetServer(peer: string): Promise<{ url: string; close: () => Promise<void> }> {
  const pins = new Map<string, Pin>();
  const server = createServer((request, response) => answer(peer, pins, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

interface Pin {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
}

function answer(
  peer: string,
  pins: Map<string, Pin>,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(url, 'http://pinset');
  const json = (value: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const stream = (lines: Iterable<string>) => {
    response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' });
    for (const line of lines) response.write(`${line}\n`);
    response.addTrailers({ 'X-Stream-Error': '' });
    response.end();
  };
  const cid = pathname.split('/')[2] ?? '';
  if (method === 'POST') {
    const metadata = [...searchParams].flatMap(([name, value]) =>
      name.startsWith('meta-') ? [[name.slice(5), value] as const] : [],
    );
    pins.set(cid, { name: searchParams.get('name') ?? '', metadata: Object.fromEntries(metadata) });
    return void json(allocation(peer, cid, pins.get(cid)));
  }
  if (pathname === '/version') return void json({ version: '1.1.6' });
  if (pathname === '/peers')
    return void json({ id: peer, peername: 'peer-0', ipfs: { id: peer, addresses: [] } });
  if (pathname.startsWith('/monitor/metrics/')) {
    const isRegion = pathname.endsWith('tag:region');
    return void json([
      { name: 'freespace', peer, value: isRegion ? '' : '1000000000000', expire: 9e18, valid: true },
    ]);
  }
  if (pathname.startsWith('/allocations/')) {
    const pin = pins.get(cid);
    if (pin === undefined) return void response.writeHead(404).end('{"code":404,"message":"not pinned"}');
    return void json(allocation(peer, cid, pin));
  }
  if (pathname === '/allocations')
    return void stream([...pins].map(([each, pin]) => JSON.stringify(allocation(peer, each, pin))));
  const asked = searchParams.get('cids')?.split(',') ?? [...pins.keys()];
  stream(asked.map((each) => JSON.stringify(status(peer, each, pins.get(each)))));
}

function allocation(peer: string, cid: string, pin: Pin | undefined) {
  return {
    cid,
    name: pin?.name ?? '',
    metadata: pin?.metadata ?? null,
    replication_factor_min: 1,
    replication_factor_max: 1,
    allocations: [peer],
    origins: [],
    expire_at: '0001-01-01T00:00:00Z',
    timestamp: '2026-11-21T10:09:08Z',
    type: 'pin',
  };
}

function status(peer: string, cid: string, pin: Pin | undefined) {
  const info = {
    peername: 'peer-0',
    ipfs_peer_id: peer,
    status: pin === undefined ? 'unpinned' : 'pinned',
    timestamp: '2026-11-21T10:09:08Z',
    error: '',
  };
  return {
    cid,
    name: pin?.name ?? '',
    metadata: pin?.metadata ?? null,
    allocations: pin === undefined ? null : [peer],
    origins: [],
    created: '2026-11-21T10:09:08Z',
    peer_map: { [peer]: info },
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
