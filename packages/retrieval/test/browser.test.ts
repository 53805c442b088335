import { createContext, Script } from 'node:vm';
import { browserBundle } from '@holdfast/testkit';
import { expect, it } from 'vitest';
import { DagBuilder } from '../../content/test/support/dag.ts';
import { noise } from '../../content/test/support/temp-folder.ts';

const dag = new DagBuilder();
const parts = [noise(100_000, 1), noise(100_000, 2)];
const cid = dag.file(parts.map((bytes) => [dag.raw(bytes), BigInt(bytes.length)] as const));

const entry = `
import { openFile, readVerified } from '@holdfast/content/read';
import { cachedSource, createGateways, createMonitor, memoryCache } from '@holdfast/retrieval';
const places = [{ kind: 'gateway', url: 'https://lies.example' }, { kind: 'gateway', url: 'https://good.example' }];
globalThis.result = (async () => {
  const gateways = createGateways(places);
  const source = cachedSource(gateways, [memoryCache()]);
  let read = 0;
  for await (const part of readVerified(${JSON.stringify(cid)}, source)) read += part.length;
  const file = await openFile(${JSON.stringify(cid)}, source);
  const slice = new Uint8Array(await file.slice(99_999, 100_001));
  const monitor = createMonitor(places, { sentinel: ${JSON.stringify(cid)} });
  const { places: seen } = await monitor.round();
  return { read, slice: [...slice], hits: source.hits, states: seen.map(({ state }) => state) };
})();
`;

/** What a browser and nothing of Node has: a bundler's output for browsers, in a context without process, Buffer or require. */
it('reads verified content bundled for a browser', async () => {
  const { code, builtIns } = await browserBundle(entry, import.meta.dirname);
  expect(builtIns).toEqual([]);
  const fetch = async (url: URL) => {
    const bytes = dag.blocks.get(url.pathname.split('/').at(-1) ?? '');
    if (bytes === undefined) return new Response('not found', { status: 404 });
    return new Response(
      url.hostname === 'lies.example' ? bytes.map((byte) => byte ^ 1) : Uint8Array.from(bytes),
    );
  };
  const names = ['AbortController', 'AbortSignal', 'DOMException', 'TextDecoder', 'TextEncoder', 'URL'];
  const more = ['URLSearchParams', 'btoa', 'clearTimeout', 'crypto', 'performance', 'setTimeout'];
  const browser = Object.fromEntries(
    [...names, ...more].map((name) => [name, (globalThis as Record<string, unknown>)[name]]),
  );
  const context = createContext({ ...browser, fetch, result: undefined });
  new Script(code).runInContext(context);
  expect(new Script('typeof process + typeof Buffer + typeof require').runInContext(context)).toBe(
    'undefinedundefinedundefined',
  );
  const [first, second] = parts as [Uint8Array, Uint8Array];
  expect(JSON.parse(JSON.stringify(await context.result))).toEqual({
    read: 200_000,
    slice: [first[99_999], second[0]],
    hits: 3,
    states: ['failing', 'up'],
  });
});
