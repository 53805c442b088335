import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/command-line.ts';
import { execute, sandbox } from './support/holdfast.ts';

/** What bash offers for a line that ends in `words`. */
async function offered(words: readonly string[]): Promise<string[]> {
  await using box = await sandbox();
  const script = (await box.run(['completion', 'bash'])).stdout;
  const file = join(box.home, 'try.sh');
  await writeFile(
    file,
    `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_holdfast\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
  );
  const { code, stdout, stderr } = await execute('bash', ['--norc', file], box.folder, {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

describe('completion', () => {
  it('offers commands, flags and the values of flags in bash', async () => {
    expect(await offered(['holdfast', ''])).toEqual(expect.arrayContaining(Object.keys(commands)));
    expect(await offered(['holdfast', 'cre'])).toEqual(['create']);
    expect(await offered(['holdfast', 'create', '--ti'])).toEqual(
      expect.arrayContaining(['--tier', '--title']),
    );
    expect(await offered(['holdfast', 'create', '--tier', ''])).toEqual([
      'critical',
      'important',
      'standard',
      'ephemeral',
    ]);
    expect(await offered(['holdfast', 'create', '--tier', 'e'])).toEqual(['ephemeral']);
    expect(await offered(['holdfast', 'completion', ''])).toEqual(['bash', 'zsh', 'fish']);
    expect(await offered(['holdfast', 'completion', 'z'])).toEqual(['zsh']);
    expect(await offered(['holdfast', 'completion', '--j'])).toEqual(['--json']);
  });

  it.each(['zsh', 'fish'] as const)('names every command and flag for %s, quotes balanced', async (shell) => {
    await using box = await sandbox();
    const { stdout, stderr, code } = await box.run(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const offer = {
      zsh: `'1:word:(bash zsh fish)'`,
      fish: `__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'`,
    };
    expect(stdout).toContain(offer[shell]);
    for (const [name, entry] of Object.entries(commands)) {
      expect(stdout).toContain(name);
      for (const flag of Object.keys((await entry.load()).flags)) expect(stdout).toContain(flag);
    }
    expect((stdout.replaceAll(`'\\''`, '').match(/'/g) ?? []).length % 2).toBe(0);
  });
});
