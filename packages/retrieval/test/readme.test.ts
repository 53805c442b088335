import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { tempFolder } from '../../content/test/support/temp-folder.ts';
import { blocksOf, startGateway } from './support/gateway.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, code = '', output = '']) => ({ code, output }),
);

it('has an expected output for every snippet', () => {
  expect(snippets).toHaveLength(readme.split('```ts').length - 1);
});

it.each(snippets)('snippet %#', { tags: ['slow'] }, async ({ code, output }) => {
  const folder = tempFolder({ '1990.csv': 'hour,level\n0,1.2\n1,\n' });
  const gateway = await startGateway(await blocksOf(join(folder, '1990.csv')));
  const script = code
    .replaceAll('https://trustless-gateway.link', gateway.url)
    .replaceAll('http://127.0.0.1:5001', 'http://127.0.0.1:9')
    .replaceAll("'.cache/blocks'", JSON.stringify(join(tempFolder(), 'blocks')));
  const run = promisify(execFile)(
    process.execPath,
    ['--conditions=@holdfast/source', '--input-type=module-typescript', '-e', script],
    { cwd: import.meta.dirname },
  );
  expect((await run).stdout).toBe(output);
});
