import { createContext, Script } from 'node:vm';
import { browserBundle } from '@holdfast/testkit';
import { expect, test } from 'vitest';

const entry = `
import { HttpClient, fetchTransport, parseAuth } from '@holdfast/http';
globalThis.result = (async () => {
  const transport = fetchTransport({ redirects: 'same-site' });
  const client = new HttpClient({ endpoints: ['https://service.example'], auth: parseAuth('me:pass'), transport });
  const lines = [];
  for await (const line of client.lines({ method: 'GET', path: '/lines' })) lines.push(line);
  return lines;
})();
`;

/** What a browser and nothing of Node has: a bundler's output for browsers, in a context without process, Buffer or require. */
test('works bundled for a browser', async () => {
  const { code, builtIns } = await browserBundle(entry, import.meta.dirname);
  expect(builtIns).toEqual([]);
  const seen: unknown[] = [];
  const fetch = async (url: URL, { headers }: { headers: Record<string, string> }) => {
    seen.push([url.href, headers.authorization]);
    return new Response('{"a":1}\n{"b":2}\n', { headers: { 'content-type': 'application/json' } });
  };
  const {
    AbortController,
    AbortSignal,
    TextDecoder,
    TextEncoder,
    URL,
    btoa,
    clearTimeout,
    crypto,
    setTimeout,
  } = globalThis;
  const browser = {
    AbortController,
    AbortSignal,
    TextDecoder,
    TextEncoder,
    URL,
    btoa,
    clearTimeout,
    crypto,
    setTimeout,
  };
  const context = createContext({ ...browser, fetch, result: undefined });
  new Script(code).runInContext(context);
  expect(new Script('typeof process + typeof Buffer + typeof require').runInContext(context)).toBe(
    'undefinedundefinedundefined',
  );
  expect(await context.result).toEqual([{ a: 1 }, { b: 2 }]);
  expect(seen).toEqual([['https://service.example/lines', 'Basic bWU6cGFzcw==']]);
});
