import { afterEach, beforeEach, expect, test } from 'vitest';
import { HttpServer, sendJson } from '../../../http/test/http-server.ts';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';
import { noContent, statesOf } from './compliance.ts';

let server: HttpServer;
let target: PinningServiceTarget;
beforeEach(async () => {
  server = await HttpServer.open(() => {});
  target = new PinningServiceTarget({
    endpoint: server.url,
    token: 'a-token',
    backOff: { attempts: 1, firstMs: 1, longestMs: 1 },
  });
});
afterEach(async () => {
  target.close();
  await server.close();
});

const status = { status: 'pinned', created: '2026-01-01T00:00:00Z', pin: { cid: noContent }, delegates: [] };

test('a service that counts three and lists none is said to', async () => {
  server.handle = (_, response) => sendJson(response, { count: 3, results: [] });
  await expect(statesOf(target.observe([noContent]))).rejects.toMatchObject({
    code: 'truncated',
    message: `${target.label.slice('pinning service at '.length)}: GET /pins counted 3 pins and listed none`,
  });
});

test('a service that leaves out requestid is said to', async () => {
  server.handle = (_, response) => sendJson(response, { count: 1, results: [status] });
  await expect(statesOf(target.observe([noContent]))).rejects.toThrow(
    'expected a count, and results that each have a requestid and a pin with a cid',
  );
});

test('times that are no times end in a sentence', async () => {
  const results = [{ ...status, requestid: 'r', created: 'yesterday' }];
  server.handle = (_, response) => sendJson(response, { count: 3, results });
  await expect(statesOf(target.observe([noContent]))).rejects.toMatchObject({ name: 'PinningError' });
});
