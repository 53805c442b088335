import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
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
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    conditions: ['@holdfast/source'],
    write: false,
    metafile: true,
  });
  expect(Object.keys(metafile.inputs).filter((path) => path.startsWith('node:'))).toEqual([]);
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
  new Script(outputFiles[0]?.text ?? '').runInContext(context);
  expect(new Script('typeof process + typeof Buffer + typeof require').runInContext(context)).toBe(
    'undefinedundefinedundefined',
  );
  expect(await context.result).toEqual([{ a: 1 }, { b: 2 }]);
  expect(seen).toEqual([['https://service.example/lines', 'Basic bWU6cGFzcw==']]);
});
