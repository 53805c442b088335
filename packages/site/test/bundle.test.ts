import { createContext, Script } from 'node:vm';
import { browserBundle } from '@holdfast/testkit';
import { expect, it } from 'vitest';
import { builtSite, datasetOf, sampleValues } from './support/sample-values.ts';

const entry = `
import { siteFiles } from '@holdfast/site';
globalThis.result = (async () => {
  const files = [];
  for await (const { path, text } of siteFiles(values)) {
    files.push([path, typeof text === 'string' ? text : (await Array.fromAsync(text)).join('')]);
  }
  return JSON.stringify(files);
})();
`;

/** A bundler's output for browsers, in a context without process, Buffer or require. */
it('makes the same site in a browser', async () => {
  const { code, builtIns } = await browserBundle(entry, import.meta.dirname);
  expect(builtIns).toEqual([]);
  const values = await sampleValues([datasetOf('tides')], { address: 'https://data.example.org/' });
  const context = createContext({ TextEncoder, TextDecoder, URL, values, result: undefined });
  new Script(code).runInContext(context);
  const files = [...(await builtSite(values))];
  expect(JSON.parse(await context.result)).toEqual(files);
});
