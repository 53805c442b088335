import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

describe('the example of the README', () => {
  it('is the one that runs here', async () => {
    const example = readFileSync(path('examples/three-copies.ts'), 'utf8');
    expect(readFileSync(path('README.md'), 'utf8')).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
    const args = ['--conditions=@holdfast/source', path('examples/three-copies.ts')];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe(
      'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am is pinned three times\n',
    );
  }, 60_000);
});
