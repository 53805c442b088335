import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/command-line.ts';
import { binary, execute, type Sandbox, sandbox } from './support/holdfast.ts';
import { initialized, signedTides } from './support/repository.ts';

const targets = JSON.stringify({ targets: [{ name: 'lab', kind: 'cluster', url: 'http://127.0.0.1:9094' }] });

/** What bash offers for a line that ends in `words`. */
async function offered(words: readonly string[], within?: Sandbox): Promise<string[]> {
  await using own = within === undefined ? await sandbox() : undefined;
  const box = within ?? (own as Sandbox);
  const script = (await box.run(['completion', 'bash'])).stdout;
  const file = join(box.home, 'try.sh');
  await writeFile(
    file,
    `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_holdfast\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
  );
  const { code, stdout, stderr } = await execute('bash', ['--norc', file], box.folder, {
    PATH: `${await binFolder(box)}:${process.env.PATH}`,
    HOME: box.home,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

/** A folder with `holdfast` in it, for a PATH. */
async function binFolder(box: Sandbox): Promise<string> {
  const folder = join(box.home, 'bin');
  await mkdir(folder, { recursive: true });
  const text = `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`;
  await writeFile(join(folder, 'holdfast'), text, { mode: 0o755 });
  return folder;
}

describe('completion of names', { tags: ['slow'] }, () => {
  it('offers datasets and their versions, keys and targets, and files beside them', async () => {
    await using box = await sandbox();
    await initialized(box);
    await signedTides(box);
    await box.write({ '.holdfast/targets.json': targets, 'tide-tables.json': '{}' });
    expect((await offered(['holdfast', 'fetch', 'tid'], box)).sort()).toEqual([
      'tide-tables.json',
      'tides',
      'tides@1.0.0',
    ]);
    expect(await offered(['holdfast', 'sign', '--key', 'a'], box)).toEqual(['alice']);
    expect(await offered(['holdfast', 'status', '--target', ''], box)).toContain('lab');
    expect(await offered(['holdfast', 'publish', 'data', '--manifest', 'tides@'], box)).toEqual([
      'tides@1.0.0',
    ]);
    expect(await offered(['holdfast', 'status', '--every', ''], box)).toEqual([]);
  });

  it('is silent where nothing can be read, and offers no name that a shell would run', async () => {
    await using box = await sandbox();
    await box.write({ '.holdfast/targets.json': 'not JSON', '.config/holdfast/keys/$(touch ran).key': 'x' });
    expect(await offered(['holdfast', 'status', '--target', ''], box)).not.toContain('lab');
    expect(await offered(['holdfast', 'sign', '--key', ''], box)).not.toContain('$(touch ran)');
    expect(await readdir(box.folder)).not.toContain('ran');
  });

  it('has every command, flag and kind of name for PowerShell, quotes balanced', async () => {
    await using box = await sandbox();
    const { stdout, code } = await box.run(['completion', 'powershell']);
    expect(code).toBe(0);
    for (const [name, entry] of Object.entries(commands)) {
      expect(stdout).toContain(`  '${name}' = @{`);
      for (const flag of Object.keys((await entry.load()).flags)) expect(stdout).toContain(`'--${flag}'`);
    }
    expect(stdout).toContain("'--key' = 'keys'");
    expect((stdout.match(/'/g) ?? []).length % 2).toBe(0);
    for (const [open, close] of ['{}', '()']) {
      const count = (char = '') => stdout.split(char).length;
      expect(count(open)).toBe(count(close));
    }
  });
});

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
    expect(await offered(['holdfast', 'completion', ''])).toEqual(['bash', 'zsh', 'fish', 'powershell']);
    expect(await offered(['holdfast', 'completion', 'z'])).toEqual(['zsh']);
    expect(await offered(['holdfast', 'completion', '--j'])).toEqual(['--json']);
  });

  it.each(['zsh', 'fish'] as const)('names every command and flag for %s, quotes balanced', async (shell) => {
    await using box = await sandbox();
    const { stdout, stderr, code } = await box.run(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const offer = {
      zsh: `'1:word:(bash zsh fish powershell)'`,
      fish: `__fish_seen_subcommand_from completion' -f -a 'bash zsh fish powershell'`,
    };
    expect(stdout).toContain(offer[shell]);
    for (const [name, entry] of Object.entries(commands)) {
      expect(stdout).toContain(name);
      for (const flag of Object.keys((await entry.load()).flags)) expect(stdout).toContain(flag);
    }
    expect((stdout.replaceAll(`'\\''`, '').match(/'/g) ?? []).length % 2).toBe(0);
  });
});
