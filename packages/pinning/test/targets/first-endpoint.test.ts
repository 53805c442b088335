import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Handler, HttpServer, sendJson, sendLines } from '../../../http/test/http-server.ts';
import { applyPlan } from '../../src/apply/apply.ts';
import { planPins } from '../../src/plan/plan.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { owner, request as pinRequest } from '../requests.ts';
import { noContent as cid } from './compliance.ts';

const ids = ['12D3KooWA', '12D3KooWB'];
const metric = (name: string, peer: string) => ({ name, peer, value: '1000', valid: true, expire: 9e18 });
const copy = (status: string) => ({ peername: '', status, timestamp: '2026-01-01T00:00:00Z', error: '' });

/** A cluster of two peers that pins at once. */
function cluster(strangers: readonly string[] = []): Handler {
  let pinned = false;
  const pin = (): object => ({
    cid,
    name: '',
    type: 'pin',
    replication_factor_min: 2,
    replication_factor_max: 3,
    allocations: ids,
    origins: null,
    metadata: null,
  });
  const status = () => ({
    ...pin(),
    peer_map: Object.fromEntries([
      ...ids.map((id) => [id, copy(pinned ? 'pinned' : 'unpinned')]),
      ...strangers.map((id) => [id, copy('pinned')]),
    ]),
  });
  return ({ method, url = '' }, response) => {
    const { pathname } = new URL(url, 'http://cluster');
    if (method === 'POST') {
      pinned = strangers.length === 0;
      return sendJson(response, pin());
    }
    if (pathname === '/version') return sendJson(response, { version: '1.1.6' });
    if (pathname === '/peers')
      return sendLines(
        response,
        ids.map((id) => ({ id, peername: id, ipfs: { id } })),
      );
    if (pathname.endsWith('freespace'))
      return sendJson(
        response,
        ids.map((id) => metric('freespace', id)),
      );
    if (pathname.startsWith('/monitor')) return sendJson(response, []);
    if (pathname === '/pins') return sendLines(response, [status()]);
    if (pinned && pathname.startsWith('/allocations/')) return sendJson(response, pin());
    return sendJson(response, { code: 404, message: 'not part of the pinset' }, 404);
  };
}

let good: HttpServer;
let bad: HttpServer;
beforeEach(async () => {
  good = await HttpServer.open(cluster());
  bad = await HttpServer.open(() => {});
});
afterEach(async () => {
  await bad.close();
  await good.close();
});

async function pinsIt(): Promise<number> {
  const target = new ClusterTarget({ endpoints: [bad.url, good.url] });
  const began = performance.now();
  try {
    const info = await target.inspect();
    const plan = planPins([pinRequest(cid)], [], { owner, info, at: new Date() });
    expect(await applyPlan(plan, target, { deadlineMs: 60_000 })).toMatchObject({ outcome: 'satisfied' });
    return performance.now() - began;
  } finally {
    target.close();
  }
}

test.each<[string, (response: ServerResponse) => void]>([
  ['JSON of something else', (response) => sendJson(response, { status: 'ok', data: [] })],
  ['another service, down to a version', (response) => sendJson(response, { version: '17.2.0' })],
  ['a list of something else', (response) => sendLines(response, [{ user: 'x' }, { user: 'y' }])],
  ['empty lists', (response) => sendJson(response, [])],
  ['empty streams', (response) => sendLines(response, [])],
  ['null', (response) => sendJson(response, null)],
])('a first endpoint that answers %s is passed over', async (_, answer) => {
  bad.handle = (_, response) => answer(response);
  await pinsIt();
});

test('a first endpoint that is of a cluster by its version alone, with empty lists, is passed over', async () => {
  bad.handle = ({ url }, response) =>
    url === '/version' ? sendJson(response, { version: '1.1.6' }) : sendLines(response, []);
  await pinsIt();
});

test('where no endpoint is better, the message names it and what it answered', async () => {
  bad.handle = (_, response) => sendJson(response, { status: 'ok' });
  const target = new ClusterTarget({ endpoints: [bad.url] });
  await expect(target.inspect()).rejects.toThrow(
    `${bad.url}: GET /version expected a version, got {"status":"ok"}: is this the address of the API?`,
  );
  target.close();
});

test('a first endpoint that is silent costs seconds', { tags: ['slow'] }, async () => {
  expect(await pinsIt()).toBeLessThan(15_000);
});

test('a first endpoint that drips costs seconds', { tags: ['slow'] }, async () => {
  bad.handle = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(drip));
  };
  expect(await pinsIt()).toBeLessThan(20_000);
});

test('copies by peers that the cluster does not list are no copies', async () => {
  good.handle = cluster(['12D3KooWX', '12D3KooWY']);
  const target = new ClusterTarget({ endpoints: [good.url] });
  const info = await target.inspect();
  const plan = planPins([pinRequest(cid)], [], { owner, info, at: new Date() });
  const { results } = await applyPlan(plan, target, { deadlineMs: 3_000 });
  expect(results[0]).toMatchObject({ outcome: 'failed', coverage: { copies: 0 } });
  target.close();
});
