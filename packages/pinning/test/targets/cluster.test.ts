import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Handler, HttpServer, sendJson, sendLines } from '../../../http/test/http-server.ts';
import { ClusterTarget, type ClusterTargetOptions } from '../../src/targets/cluster/cluster-target.ts';
import { noContent, numberedCid, stateOf, statesOf, wanted } from './compliance.ts';

const peers = ['12D3KooWA', '12D3KooWB'];

function statusLine(cid: string, states: readonly string[] = ['pinned', 'remote']): object {
  const peer_map = Object.fromEntries(
    states.map((status, index) => [
      peers[index] ?? `${index}`,
      { peername: `peer-${index}`, status, timestamp: '2026-01-01T00:00:00Z', error: '' },
    ]),
  );
  return { cid, name: cid, allocations: [peers[0]], origins: null, metadata: { k: 'v' }, peer_map };
}

function allocationLine(cid: string): object {
  return {
    cid,
    name: cid,
    type: 'pin',
    replication_factor_min: 1,
    replication_factor_max: 2,
    expire_at: '0001-01-01T00:00:00Z',
    allocations: [peers[0]],
    origins: [],
    metadata: { k: 'v' },
  };
}

const metric = (name: string, peer: string, value: string, expire: number) => ({
  name,
  peer,
  value,
  valid: true,
  expire,
});

/** A cluster with these pins, whose clock is far off. */
function clusterWith(cids: readonly string[]): Handler {
  return (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://cluster');
    const pathname = decodeURIComponent(path);
    const farOff = Date.parse('2001-01-01T00:00:00Z') * 1e6;
    if (pathname === '/version') sendJson(response, { version: '1.0.8' });
    else if (pathname === '/peers')
      sendLines(
        response,
        peers.map((id) => ({ id, peername: id, ipfs: { id: `ipfs-${id}` } })),
      );
    else if (pathname === '/monitor/metrics/freespace')
      sendJson(response, [metric('freespace', peers[0] ?? '', '1000', farOff)]);
    else if (pathname === '/monitor/metrics/tag:region')
      sendJson(
        response,
        peers.map((peer) => metric('tag:region', peer, 'eu', farOff)),
      );
    else if (pathname === '/allocations') sendLines(response, cids.map(allocationLine));
    else if (pathname.startsWith('/allocations/')) {
      const cid = pathname.slice('/allocations/'.length);
      if (cids.includes(cid)) sendJson(response, allocationLine(cid));
      else sendJson(response, { code: 404, message: 'pin is not part of the pinset' }, 404);
    } else if (pathname === '/pins') {
      const asked = searchParams.get('cids')?.split(',') ?? cids;
      sendLines(
        response,
        asked.map((cid) => statusLine(cid, cids.includes(cid) ? undefined : ['unpinned', 'unpinned'])),
      );
    } else sendJson(response, { code: 404, message: `not found: ${pathname}` }, 404);
  };
}

let server: HttpServer;
const open = (options: Partial<ClusterTargetOptions> = {}) =>
  new ClusterTarget({
    endpoints: [server.url],
    backOff: { attempts: 2, firstMs: 1, longestMs: 2 },
    idleMs: 500,
    ...options,
  });
const asked = (pattern: RegExp) => server.requests.filter(({ url }) => pattern.test(url)).length;

beforeEach(async () => {
  server = await HttpServer.open(() => {});
});
afterEach(() => server.close());

describe('inspect', () => {
  test('a metric counts as the cluster judges it, however far its clock is from this one', async () => {
    server.handle = clusterWith([]);
    const { peers: found } = await open().inspect();
    expect(found.map(({ up, freeSpace, region }) => [up, freeSpace, region])).toEqual([
      [true, 1000, 'eu'],
      [false, undefined, 'eu'],
    ]);
  });

  test('where nothing is told of space, a ping is the sign of life', async () => {
    const other = clusterWith([]);
    server.handle = (request, response) => {
      if (request.url === '/monitor/metrics/freespace') return sendJson(response, []);
      if (request.url === '/monitor/metrics/ping')
        return sendJson(response, [metric('ping', peers[1] ?? '', '{}', 0)]);
      return other(request, response);
    };
    expect((await open().inspect()).peers.map(({ up }) => up)).toEqual([false, true]);
  });
});

describe('how many requests it takes', () => {
  test('polling 300 CIDs for copies takes one request for 50 of them and none for each', async () => {
    const cids = Array.from({ length: 300 }, (_, index) => numberedCid(index));
    server.handle = clusterWith(cids);
    const target = open();
    const states = await statesOf(target.observe(cids, { detail: 'copies' }));
    expect(states).toHaveLength(300);
    expect(states[0]).toMatchObject({ hint: { metadata: { k: 'v' }, allocations: [peers[0]] } });
    expect(asked(/^\/pins/)).toBe(6);
    expect(asked(/allocations/)).toBe(0);
    await statesOf(target.observe(cids, { detail: 'copies' }));
    expect(asked(/tag(:|%3A)region/)).toBe(1);
    for (const { url } of server.requests) expect(url.length).toBeLessThan(3_300);
  });

  test('the peer that is asked opens few streams to the others, however many ask at once', async () => {
    const others = 6;
    const cids = Array.from({ length: 300 }, (_, index) => numberedCid(index));
    const usual = clusterWith(cids);
    let inFlight = 0;
    let most = 0;
    server.handle = async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://cluster');
      if (pathname === '/peers') {
        sendLines(
          response,
          Array.from({ length: others + 1 }, (_, index) => ({ id: `${index}`, ipfs: { id: '' } })),
        );
        return;
      }
      if (pathname !== '/pins') {
        usual(request, response);
        return;
      }
      const asked = searchParams.get('cids')?.split(',') ?? [];
      inFlight += asked.length * others;
      most = Math.max(most, inFlight);
      await sleep(5);
      inFlight -= asked.length * others;
      const states = Array.from({ length: others + 1 }, () => 'pinned');
      sendLines(
        response,
        asked.map((cid) => statusLine(cid, states)),
      );
    };
    const target = open();
    await target.inspect();
    const looks = Array.from({ length: 8 }, () => statesOf(target.observe(cids, { detail: 'copies' })));
    for (const states of await Promise.all(looks)) expect(states).toHaveLength(300);
    expect(most).toBeGreaterThan(100);
    expect(most).toBeLessThanOrEqual(200);
  });

  test('the terms of many CIDs come in one stream; of a few among very many, one by one', async () => {
    const cids = Array.from({ length: 2_000 }, (_, index) => numberedCid(index));
    server.handle = clusterWith(cids);
    const many = await statesOf(open().observe(cids.slice(0, 200)));
    expect(many.every((state) => state.pin?.max === 2)).toBe(true);
    expect([asked(/allocations\?/), asked(/allocations\//)]).toEqual([1, 0]);
    server.requests.length = 0;
    const few = await statesOf(open().observe([...cids.slice(-12), noContent]));
    expect(few.filter((state) => state.pin)).toHaveLength(12);
    expect([asked(/allocations\?/), asked(/allocations\//)]).toEqual([1, 13]);
  });
});

describe('streams that break', () => {
  const cids = Array.from({ length: 50 }, (_, index) => numberedCid(index));

  test.each<[string, string, (response: ServerResponse) => void]>([
    ['/pins', 'was cut', (response) => setTimeout(() => response.destroy(), 10)],
    ['/pins', 'talked nonsense', (response) => response.end('<html>gateway fault</html>\n{}\n')],
    ['/allocations', 'was cut', (response) => setTimeout(() => response.destroy(), 10)],
    ['/allocations', 'talked nonsense', (response) => response.end('<html>gateway fault</html>\n{}\n')],
  ])('another endpoint goes on with %s where one %s, and nothing is given twice', async (path, _, end) => {
    await using whole = await HttpServer.open(clusterWith(cids));
    const good = clusterWith(cids);
    const line = path === '/pins' ? statusLine : allocationLine;
    server.handle = (request, response) => {
      if (request.url?.replace(/\?.*/, '') !== path) return good(request, response);
      response.writeHead(200, { 'content-type': 'application/json' });
      for (const cid of cids.slice(0, 20)) response.write(`${JSON.stringify(line(cid))}\n`);
      end(response);
      return undefined;
    };
    const target = open({ endpoints: [server.url, whole.url] });
    const states = await statesOf(target.observe());
    expect(states.map((state) => state.cid).sort()).toEqual([...cids].sort());
  });

  test('the terms of many CIDs are asked for again where their stream was cut', async () => {
    const good = clusterWith(cids);
    let cuts = 0;
    server.handle = (request, response) => {
      if (!request.url?.startsWith('/allocations?') || cuts++ > 0) return good(request, response);
      response.writeHead(200, { 'content-type': 'application/json' });
      for (const cid of cids.slice(0, 20)) response.write(`${JSON.stringify(allocationLine(cid))}\n`);
      setTimeout(() => response.destroy(), 10);
      return undefined;
    };
    const states = await statesOf(open().observe(cids));
    expect(states.filter(({ pin }) => pin !== undefined)).toHaveLength(cids.length);
    expect(cuts).toBe(2);
  });

  test('an error in the trailer is not taken for the end of the pinset', async () => {
    const good = clusterWith(cids);
    server.handle = (request, response) =>
      request.url === '/pins'
        ? sendLines(
            response,
            cids.slice(0, 5).map((cid) => statusLine(cid)),
            'rpc: peer gone',
          )
        : good(request, response);
    await expect(statesOf(open().observe())).rejects.toMatchObject({
      code: 'truncated',
      message: expect.stringContaining('rpc: peer gone'),
    });
  });

  test('a status of fewer CIDs than were asked is asked again, then an error', async () => {
    const good = clusterWith(cids);
    let left = 1;
    server.handle = (request, response) => {
      if (!request.url?.startsWith('/pins?') || left === 0) return good(request, response);
      left -= 1;
      return sendLines(response, [statusLine(cids[0] ?? '')]);
    };
    expect(await statesOf(open().observe(cids.slice(0, 10)))).toHaveLength(10);
    left = 1_000;
    await expect(statesOf(open().observe(cids.slice(0, 10)))).rejects.toMatchObject({ code: 'truncated' });
  });

  test('a pin that came between the two streams is given with its terms', async () => {
    const late = numberedCid(99);
    const before = clusterWith(cids);
    const after = clusterWith([...cids, late]);
    server.handle = (request, response) =>
      (request.url?.startsWith('/allocations?') ? before : after)(request, response);
    const states = await statesOf(open().observe());
    expect(states).toHaveLength(51);
    expect(states.find((state) => state.cid === late)?.pin).toMatchObject({ min: 1, max: 2 });
  });
});

describe('answers', () => {
  test.each([
    ['pinned', 'pinned'],
    ['pinning', 'pinning'],
    ['pin_queued', 'queued'],
    ['unpinning', 'unpinning'],
    ['unpin_queued', 'unpinning'],
    ['pin_error', 'error'],
    ['unpin_error', 'error'],
    ['unexpectedly_unpinned', 'error'],
    ['cluster_error', 'down'],
    ['remote', 'absent'],
    ['unpinned', 'absent'],
    ['sharded', 'absent'],
    ['of tomorrow', 'error'],
    ['constructor', 'error'],
  ])('%s is %s', async (status, state) => {
    const good = clusterWith([noContent]);
    server.handle = (request, response) =>
      request.url?.startsWith('/pins')
        ? sendLines(response, [statusLine(noContent, [status])])
        : good(request, response);
    expect((await stateOf(open(), noContent)).peers[0]).toMatchObject({ state, raw: status });
  });

  test('a pin that is answered with another one is not believed', async () => {
    server.handle = (_, response) => sendJson(response, { cid: numberedCid(1) });
    await expect(open().pin(noContent, wanted())).rejects.toMatchObject({ code: 'bad-response' });
  });

  test.each([
    ['not enough peers to allocate CID. Needed at least: 3.', 'not-enough-peers', 1],
    ['cluster.replication_factor_min is larger than max', 'invalid', 1],
    ['this peer is configured to be in follower mode. Write operations are disabled', 'unsupported', 1],
    ['rpc: context deadline exceeded', 'unavailable', 2],
  ])('500 with "%s" is %s', async (message, code, requests) => {
    server.handle = (_, response) => sendJson(response, { code: 500, message }, 500);
    await expect(open().pin(noContent, wanted())).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(requests);
  });

  test('every option of a pin is sent', async () => {
    server.handle = (_, response) => sendJson(response, { cid: noContent });
    const origins = ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b'];
    const allocations = ['12D3KooWHHX2tesL6xiBm9AuYauPFzuh6M9GPSeGLvSKazHoCUhL'];
    const pin = wanted({
      name: 'a & b',
      min: 2,
      max: 3,
      expires: '2030-01-01T00:00:00+02:00',
      origins,
      allocations,
      metadata: { 'x-y': '1+1=2, 100%2F & a/b:c@d' },
    });
    await open().pin(noContent, pin, { update: numberedCid(1) });
    const { method, url } = server.requests[0] ?? { method: '', url: '' };
    expect(method).toBe('POST');
    expect(Object.fromEntries(new URL(url, 'http://x').searchParams)).toEqual({
      'replication-min': '2',
      'replication-max': '3',
      name: 'a & b',
      'expire-at': '2030-01-01T00:00:00+02:00',
      origins: origins[0],
      'user-allocations': allocations[0],
      'pin-update': numberedCid(1),
      'meta-x-y': '1+1=2, 100%2F & a/b:c@d',
    });
  });

  test('a CAR that was sent in part is sent again only where it can be opened again', async () => {
    const { carOf, leafOf } = await import('./car.ts');
    const leaf = leafOf(new Uint8Array(10));
    const fail: Handler = (request) => request.socket.destroy();
    const work: Handler = (request, response) => {
      request
        .resume()
        .on('end', () => sendLines(response, [{ name: 'x', cid: leaf.cid, allocations: peers }]));
    };
    const failOnce: Handler = (request, response) => {
      server.handle = work;
      return fail(request, response);
    };
    server.handle = failOnce;
    expect(await open().addCar(() => carOf([leaf], 20))).toEqual({ cid: leaf.cid, allocations: peers });
    server.handle = failOnce;
    await expect(open().addCar(carOf([leaf], 20))).rejects.toMatchObject({ code: 'invalid' });
  });
});
