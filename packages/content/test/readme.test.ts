import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startGateway } from '../../retrieval/test/support/gateway.ts';
import { blocksOf } from './support/memory-source.ts';
import { tempFolder } from './support/temp-folder.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, code = '', output = '']) => ({ code, output }),
);
const source = (name: string): string => pathToFileURL(join(import.meta.dirname, '../src', name)).href;

it('has an expected output for every snippet', () => {
  expect(snippets).toHaveLength(readme.split('```ts').length - 1);
  expect(snippets.length).toBeGreaterThan(3);
});

it.each(snippets)('snippet %#', { tags: ['slow'] }, async ({ code, output }) => {
  const folder = tempFolder({
    'tides/1990.csv': 'hour,level\n0,1.2\n1,\n',
    'tides/2025/readme.md': 'No gauges this year.\n',
  });
  const gateway = await startGateway(await blocksOf(join(folder, 'tides')));
  const script = code
    .replaceAll("'@holdfast/content'", `'${source('index.ts')}'`)
    .replaceAll("'@holdfast/retrieval'", `'${source('../../retrieval/src/index.ts')}'`)
    .replaceAll("'@holdfast/content/root'", `'${source('root.ts')}'`)
    .replaceAll('https://trustless-gateway.link', gateway.url)
    .replaceAll('http://127.0.0.1:5001', 'http://127.0.0.1:9');
  writeFileSync(join(folder, 'snippet.ts'), script);
  const run = promisify(execFile)(process.execPath, ['--conditions=@holdfast/source', 'snippet.ts'], {
    cwd: folder,
  });
  expect((await run).stdout).toBe(output);
});
