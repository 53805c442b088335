import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HttpServer, sendJson } from '../../../http/test/http-server.ts';
import {
  PinningServiceTarget,
  type PinningServiceTargetOptions,
} from '../../src/targets/pinning-service/pinning-service-target.ts';
import { leafOf } from './car.ts';
import { compliance, copiesOf, noContent, numberedCid, stateOf, statesOf, wanted } from './compliance.ts';
import { PinningServiceStandIn } from './pinning-service-stand-in.ts';

function targetOf(standIn: PinningServiceStandIn, options: Partial<PinningServiceTargetOptions> = {}) {
  const backOff = { attempts: 2, firstMs: 1, longestMs: 2 };
  return new PinningServiceTarget({ endpoint: standIn.url, token: standIn.token, backOff, ...options });
}

compliance('PinningServiceTarget', async () => {
  const standIn = await PinningServiceStandIn.open();
  return {
    target: targetOf(standIn),
    most: 1,
    async content() {
      const { cid } = leafOf(randomBytes(32));
      standIn.present.add(cid);
      return cid;
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  };
});

describe('PinningServiceTarget', () => {
  let standIn: PinningServiceStandIn;
  let target: PinningServiceTarget;
  beforeEach(async () => {
    standIn = await PinningServiceStandIn.open();
    target = targetOf(standIn);
  });
  afterEach(() => standIn.close());

  test('the request of a pin that is as wanted is not made again', async () => {
    await target.pin(noContent, wanted({ metadata: { a: 'b' } }));
    await target.pin(noContent, wanted({ metadata: { a: 'b' } }));
    expect(standIn.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('a changed pin replaces the request, so that the content stays', async () => {
    await target.pin(noContent, wanted());
    await target.pin(noContent, wanted({ name: 'other' }));
    expect(standIn.requests.map(({ method, url }) => `${method} ${url}`)).toContain(
      'POST /psa/pins/request-1',
    );
    expect(standIn.pins.map(({ requestid, pin }) => [requestid, pin.name])).toEqual([['request-2', 'other']]);
  });

  test('replication and expiry, which the API has no fields for, come back', async () => {
    const pin = wanted({ min: 1, max: 3, expires: '2030-01-01T00:00:00Z' });
    await target.pin(noContent, pin);
    expect((await stateOf(target, noContent)).pin).toEqual({ ...pin, allocations: [] });
  });

  test('a pinset of several pages is read whole, ties in time included', async () => {
    standIn.maxLimit = 1_000;
    for (let number = 0; number < 2_500; number += 1) {
      const created = new Date(1_700_000_000_000 + Math.floor(number / 7) * 1_000).toISOString();
      const pin = { cid: numberedCid(number), name: `${number}` };
      standIn.pins.unshift({ requestid: `r${number}`, created, status: 'queued', looks: 0, pin });
    }
    const states = await statesOf(target.observe());
    expect(new Set(states.map((state) => state.cid)).size).toBe(2_500);
    expect(standIn.requests.length).toBeLessThan(6);
  });

  test('more pins of one instant than a page holds are an error, not a shorter list', async () => {
    for (let number = 0; number < 1_001; number += 1) {
      const pin = { cid: numberedCid(number) };
      standIn.pins.push({
        requestid: `r${number}`,
        created: '2026-01-01T00:00:00Z',
        status: 'queued',
        looks: 0,
        pin,
      });
    }
    await expect(statesOf(target.observe())).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('terms and times that are none are not taken for numbers', async () => {
    const odd = (requestid: string, cid: string) => ({
      requestid,
      status: 'pinned',
      created: 'some day',
      pin: { cid, name: '', origins: [], meta: { 'holdfast-min': 'many', 'holdfast-max': '1e3' } },
      delegates: [],
    });
    await using server = await HttpServer.open((request, response) => {
      const limit = Number(new URL(request.url ?? '', 'http://service').searchParams.get('limit'));
      const results = [odd('one', numberedCid(1)), odd('two', numberedCid(2))].slice(0, limit);
      sendJson(response, { count: 2, results });
    });
    const odds = new PinningServiceTarget({ endpoint: server.url, token: 'a-token', pageSize: 1 });
    const states = await statesOf(odds.observe());
    expect(states.map(({ pin }) => [pin?.min, pin?.max])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test('a failed pin shows why, and recover asks for it again', async () => {
    await target.pin(noContent, wanted({ metadata: { a: 'b' } }));
    for (const pin of standIn.pins) pin.status = 'failed';
    expect((await stateOf(target, noContent)).peers[0]).toMatchObject({
      state: 'error',
      error: 'no provider found',
    });
    standIn.present.add(noContent);
    await target.recover(noContent);
    await expect.poll(async () => copiesOf(await stateOf(target, noContent))).toBe(1);
    expect((await stateOf(target, noContent)).pin?.metadata).toEqual({ a: 'b' });
  });

  test('of several requests for one CID the furthest counts, and another owner keeps its own', async () => {
    standIn.present.add(noContent);
    const meta = { 'holdfast-repo': 'theirs' };
    const common = { created: '2026-01-01T00:00:00Z', looks: 0, pin: { cid: noContent, meta } };
    standIn.pins.push({ ...common, requestid: 'theirs', status: 'queued' });
    standIn.pins.push({
      ...common,
      requestid: 'ours',
      status: 'queued',
      looks: 5,
      pin: { cid: noContent, meta: { 'holdfast-repo': 'ours' } },
    });
    expect((await stateOf(target, noContent)).pin?.metadata).toEqual({ 'holdfast-repo': 'ours' });
    standIn.pins.forEach((pin) => {
      pin.looks = pin.requestid === 'ours' ? 5 : -50;
    });
    await target.unpin(noContent);
    expect(standIn.pins.map((pin) => pin.requestid)).toEqual(['theirs']);
  });

  test('the delegates are handed to whoever has the content, and origins to the service', async () => {
    const connect = vi.fn(async () => {
      throw new Error('unreachable');
    });
    const origin = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b';
    await targetOf(standIn, { connect }).pin(noContent, wanted({ origins: [origin] }));
    expect(connect).toHaveBeenCalledWith([expect.stringContaining('/p2p/')], noContent, {});
    expect(standIn.pins[0]?.pin.origins).toEqual([origin]);
  });

  test('somebody who never comes to be connected does not hold up a pin beyond its time', async () => {
    const stop = new AbortController();
    const connect = () => {
      stop.abort();
      return new Promise<void>(() => {});
    };
    await targetOf(standIn, { connect }).pin(noContent, wanted(), { signal: stop.signal });
    expect(standIn.pins).toHaveLength(1);
  });

  test('errors carry the reason and details of the service', async () => {
    const wrong = targetOf(standIn, { token: 'another' });
    await expect(wrong.inspect()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining(
        'bearer credentials: UNAUTHORIZED: Access token is missing or invalid',
      ),
    });
    await expect(target.pin(noContent, wanted({ name: 'x'.repeat(256) }))).rejects.toMatchObject({
      code: 'invalid',
    });
    const origins = Array.from(
      { length: 21 },
      (_, index) => `/ip4/127.0.0.1/tcp/${index}/p2p/12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b`,
    );
    const call = target.pin(noContent, wanted({ origins }));
    await expect(call).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('1 to 20'),
    });
    expect(standIn.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
