import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDemo } from './demo.ts';

it('without engines and without Go, the demo says what it shows and what it does not', {
  timeout: 120_000,
}, async () => {
  const empty = mkdtempSync(join(tmpdir(), 'holdfast-no-engines-'));
  try {
    for (const program of ['git', 'ssh-keygen', 'sh']) {
      symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(empty, program));
    }
    const absent = {
      HOLDFAST_KUBO: '',
      HOLDFAST_CLUSTER_SERVICE: '',
      HOLDFAST_CLUSTER_CTL: '',
      HOLDFAST_ENGINES_DIR: '',
    };
    // What the person who runs it has set up for their own datasets is no part of the story.
    const own = {
      HOLDFAST_KEYS: join(empty, 'own-keys'),
      HOLDFAST_CLUSTER_URL: 'http://127.0.0.1:1',
      HOLDFAST_PASSWORD: 'secret',
    };
    const { code, output } = await runDemo({
      ...absent,
      ...own,
      PATH: empty,
      XDG_CACHE_HOME: empty,
      HOME: empty,
    });
    expect(output).toContain('You do not see copies on several peers');
    expect(output).toContain('refused: it cannot be merged');
    expect(output).toMatch(/ephemeral|1 of 1/);
    expect(code).toBe(0);
    expect(existsSync(own.HOLDFAST_KEYS)).toBe(false);
  } finally {
    rmSync(empty, { recursive: true });
  }
});
