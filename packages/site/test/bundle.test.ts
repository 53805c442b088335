import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { siteFiles } from '../src/index.ts';
import { datasetOf, sampleValues } from './support/sample-values.ts';

const entry = `
import { siteFiles } from '@holdfast/site';
globalThis.result = (async () => {
  const files = [];
  for await (const { path, text } of siteFiles(values)) {
    let whole = '';
    if (typeof text === 'string') whole = text;
    else for await (const piece of text) whole += piece;
    files.push([path, whole]);
  }
  return JSON.stringify(files);
})();
`;

/** A bundler's output for browsers, in a context without process, Buffer or require. */
it('makes the same site in a browser', async () => {
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
  const values = await sampleValues([datasetOf('tides')], { address: 'https://data.example.org/' });
  const context = createContext({ TextEncoder, TextDecoder, URL, values, result: undefined });
  new Script(outputFiles[0]?.text ?? '').runInContext(context);
  const files: [string, string][] = [];
  for await (const { path, text } of siteFiles(values)) {
    let whole = '';
    if (typeof text === 'string') whole = text;
    else for await (const piece of text) whole += piece;
    files.push([path, whole]);
  }
  expect(JSON.parse(await context.result)).toEqual(files);
});
