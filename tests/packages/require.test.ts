import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { published } from './published.ts';

const root = join(import.meta.dirname, '../..');
const nodes = globSync(
  '{engines/node-*/,}node_modules/node-{bin-,}{linux,darwin,win}-{x64,arm64}/bin/node{,.exe}',
  {
    cwd: root,
  },
).map((file) => ({ node: join(root, file) }));

it('there is a Node of each supported version', () => {
  const versions = nodes.map(({ node }) => execFileSync(node, ['--version'], { encoding: 'utf8' }));
  expect(versions.map((version) => /^v\d+/.exec(version)?.[0]).sort()).toEqual(['v22', 'v24', 'v26']);
});

describe.each(nodes)('$node', ({ node }) => {
  it.each(published)('takes $name by require() as by import', ({ folder, name }) => {
    const script = `
      const assert = require('node:assert');
      const required = require('${name}');
      import('${name}').then((imported) => assert.deepEqual(Object.keys(required), Object.keys(imported)));
      console.log(Object.keys(required).length > 0);`;
    const run = () => execFileSync(node, ['-e', script], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    expect(run()).toBe('true\n');
  });
});
