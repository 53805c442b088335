import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint } from '../../manifest/test/code-point.ts';
import { Misuse, printable, runAction, workflowCommand } from '../src/index.ts';
import { standIn } from './runner-stand-in.ts';

/** What the runner takes for a command: `##[` anywhere, `::` at a line's beginning. */
const commands = (log: string) =>
  log.split(/\r\n|\r|\n/).filter((line) => line.includes('##[') || /^\s*::/.test(line));
const hostile = fc.oneof(
  fc.string({ unit: codePoint }),
  fc
    .array(
      fc.constantFrom(
        '::',
        '##[',
        'error',
        ']',
        '%',
        '\n',
        '\r',
        ' ',
        '\u2028',
        '\u0085',
        '\u001b[2K',
        'x',
        ',',
        ':',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('a line of log', () => {
  it('is one line and no command, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = printable(text);
        expect(commands(shown)).toEqual([]);
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('shows honest text as it is', () => {
    expect(printable('✓ north-sea-tides is valid: a::b, 100 %')).toBe(
      '✓ north-sea-tides is valid: a::b, 100 %',
    );
  });
});

describe('a workflow command', () => {
  it('is one command, whatever its parts hold', () => {
    fc.assert(
      fc.property(hostile, hostile, (file, message) => {
        const command = workflowCommand('error', { file, line: 1 }, message);
        expect(commands(command)).toEqual([command]);
        const [, properties] = command.match(/^::error ([^\n\r]*?)::/) ?? [];
        expect(properties?.split(',').map((pair) => pair.split('=')[0])).toEqual(
          file === '' ? ['line'] : ['file', 'line'],
        );
      }),
    );
  });
});

describe('outputs', () => {
  it('cannot name another output', () => {
    const { runner, files } = standIn();
    runner.output('problems', 'x\nghadelimiter_guess\nvalid<<E\ntrue\nE');
    expect(files.output).toBe(
      'problems<<ghadelimiter_random\nx\nghadelimiter_guess\nvalid<<E\ntrue\nE\nghadelimiter_random\n',
    );
  });
});

describe('secrets', () => {
  it('are masked before, and kept out of everything after', () => {
    const { runner, log, files } = standIn();
    runner.mask('s3cret-token');
    runner.line('the token is s3cret-token');
    runner.summary('s3cret-token');
    runner.output('o', 's3cret-token');
    runner.command('error', { file: 's3cret' }, 's3cret-token');
    expect(log().split('\n')[0]).toBe('::add-mask::s3cret-token');
    expect(log().split('\n').slice(1).join('\n') + files.summary + files.output).not.toContain(
      's3cret-token',
    );
  });
});

describe('runAction', () => {
  const ports = (write: (text: string) => void) => ({
    environment: {},
    write,
    append: () => {},
    read: () => '',
    random: () => '',
  });

  it('gives what main gives', async () => {
    expect(
      await runAction(
        async () => 1,
        ports(() => {}),
      ),
    ).toBe(1);
  });

  it('tells a wrong workflow (2) from a failure of the world (3), and keeps the causes', async () => {
    let log = '';
    const misuse = () => Promise.reject(new Misuse(['input "mode" is wrong', 'input "x" is wrong']));
    expect(
      await runAction(
        misuse,
        ports((text) => (log += text)),
      ),
    ).toBe(2);
    expect(log).toContain('::error title=Workflow::input "x" is wrong');
    const failure = Object.assign(new Error('no git', { cause: new Error('ENOENT') }), {
      code: 'git-missing',
    });
    expect(
      await runAction(
        () => Promise.reject(failure),
        ports((text) => (log += text)),
      ),
    ).toBe(3);
    expect(log).toMatch(/::error::no git\ncaused by: ENOENT/);
  });

  it('shows a failure with a hostile path in it as text', async () => {
    let log = '';
    const failure = Object.assign(new Error('folder \u001b[2J\u202e/ is not there'), {
      code: 'object-missing',
    });
    await runAction(
      () => Promise.reject(failure),
      ports((text) => (log += text)),
    );
    expect(log).toBe('::error::folder \\u{1b}[2J\\u{202e}/ is not there\n');
  });
});
