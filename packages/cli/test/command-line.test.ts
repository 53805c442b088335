import { problemCatalogue } from '@holdfast/manifest/internal';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/command-line.ts';
import { loadCommand } from '../src/frame/find-command.ts';
import { commandHelp, overview } from '../src/frame/help.ts';
import { paintFor } from '../src/frame/paint.ts';
import { sandbox } from './support/holdfast.ts';

describe('the command line', () => {
  it('shows every command with one line in --help, and nothing else runs', async () => {
    await using box = await sandbox();
    const { code, stdout, stderr } = await box.run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const [name, { summary }] of Object.entries(commands))
      expect(stdout).toMatch(new RegExp(`${name} +${summary.replace(/[()]/g, '\\$&')}`));
  });

  it('without a command shows the same on standard error and ends with 2', async () => {
    await using box = await sandbox();
    const { code, stdout, stderr } = await box.run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage');
  });

  it.each(Object.keys(commands))(
    '%s --help has usage, flags and examples that begin with holdfast',
    async (name) => {
      await using box = await sandbox();
      const { code, stdout } = await box.run([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`holdfast ${name}`);
      expect(stdout).toMatch(/Examples\n {2}# .+\n {2}.*holdfast/);
      expect(stdout).toContain(commands[name]?.summary);
    },
  );

  it.each([40, 60, 80, 200])('is set for %i columns, commands to paste apart', async (columns) => {
    const plain = paintFor({ isTTY: false, columns, write() {} }, {});
    const all = await Promise.all(Object.entries(commands).map(([name, entry]) => loadCommand(name, entry)));
    const pages = [
      overview(commands, plain, columns),
      ...all.map((command) => commandHelp(command, plain, columns)),
    ];
    const long = pages
      .flatMap((page) => page.split('\n'))
      .filter(
        (line) =>
          line.length > Math.max(59, Math.min(columns, 100)) &&
          line.trim().includes(' ') &&
          !/\bholdfast /.test(line),
      );
    expect(long).toEqual([]);
  });

  it('has every command that the fix of a problem names', () => {
    const fixes = Object.values(problemCatalogue).map(({ fix }) => fix);
    const named = fixes.flatMap((fix) => [...fix.matchAll(/`holdfast ([a-z]+)/g)].map((match) => match[1]));
    expect(named.length).toBeGreaterThan(5);
    expect(Object.keys(commands)).toEqual(expect.arrayContaining(named));
  });

  it('has a version', async () => {
    await using box = await sandbox();
    for (const word of ['--version', '-v', '-V', 'version'])
      expect((await box.run([word])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['sgin', 'a.json'], 'did you mean holdfast sign?'],
    [['creat', '.'], 'did you mean holdfast create?'],
    [['create', '.', '--teir', 'standard'], 'did you mean --tier?'],
    [['create', '.', '--tier', 'standart'], 'did you mean standard?'],
    [['--quiet', 'create'], 'holdfast COMMAND --quiet'],
    [['completion', 'bsh'], 'did you mean bash?'],
    [['create', '.', '--name'], '--name expects NAME'],
    [['create', '.', '--name', '--tier'], '--name expects NAME'],
    [['create', '.', '--name', 'a', '--name', 'b'], '--name is given twice'],
    [['create', '.', '--name', ''], 'is a variable unset?'],
    [['verify', ''], 'is a variable unset?'],
    [['create'], 'create expects FOLDER'],
    [['create', 'a', 'b'], 'got also b'],
    [['status', '--json=yes'], '--json is a switch and takes no value'],
  ])('%j ends with 2 and says what was meant', async (args, message) => {
    await using box = await sandbox();
    const { code, stdout, stderr } = await box.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it.each([['-o=-deep'], ['-o-deep'], ['--output=-deep']])('%s writes to -deep', async (flag) => {
    await using box = await sandbox();
    expect((await box.json(['keygen', 'alice', flag])).document.result.publicKey).toBe('-deep/alice.pub');
  });

  it('never repeats the value of a mistyped flag: it may be a secret', async () => {
    await using box = await sandbox();
    for (const args of [
      ['pin', '--auth=me:s3cret'],
      ['--auth=me:s3cret', 'pin'],
      ['keygen', 'a', '--password=s3cret'],
      ['pin', '--token', 's3cret'],
    ]) {
      const { code, stderr } = await box.run(args);
      expect(code).toBe(2);
      expect(stderr).not.toContain('s3cret');
    }
  });

  it('answers misuse as JSON where JSON was asked for', async () => {
    await using box = await sandbox();
    const { document, stderr } = await box.json(['create', '.', '--teir', 'standard']);
    expect(stderr).toBe('');
    expect(document).toEqual({
      holdfast: 1,
      verb: 'create',
      ok: false,
      exitCode: 2,
      problems: [],
      error: { code: 'misuse', message: expect.stringContaining('--tier'), hint: expect.any(String) },
    });
  });
});

describe('colours', () => {
  const sequence = '\x1b[';
  it.each([
    ['off a terminal', {}, false],
    ['with FORCE_COLOR', { FORCE_COLOR: '1' }, true],
    ['with FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['with NO_COLOR over FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['with an empty NO_COLOR, which does not count', { NO_COLOR: '', FORCE_COLOR: '1' }, true],
  ])('%s', async (_, env, coloured) => {
    await using box = await sandbox();
    expect((await box.run(['--help'], { env })).stdout.includes(sequence)).toBe(coloured);
  });
});
