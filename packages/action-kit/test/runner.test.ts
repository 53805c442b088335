import { error, info } from '@actions/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint } from '../../manifest/test/code-point.ts';
import { Misuse, printable, readEvent, runAction } from '../src/index.ts';
import { standIn } from './runner-stand-in.ts';

/** What the runner takes for a command: `::` at a line's beginning, else `##[` anywhere. */
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

describe('an annotation', () => {
  it('is one command, whatever its parts hold', () => {
    const { runner, log } = standIn();
    let before = 0;
    fc.assert(
      fc.property(hostile, hostile, (file, message) => {
        runner.annotate('error', message, { file, line: 1 });
        const command = log().slice(before, -1);
        before = log().length;
        expect(commands(command)).toEqual([command]);
        const [, properties] = command.match(/^::error ([^\n\r]*?)::/) ?? [];
        expect(command.replace(`${properties}`, '')).not.toContain('##[');
        expect(properties?.split(',').map((pair) => pair.split('=')[0])).toEqual(
          file === '' ? ['line'] : ['file', 'line'],
        );
      }),
    );
  });

  it('stands at its file, whatever the file is called', () => {
    const { runner, log } = standIn();
    runner.annotate('error', 'wrong', { file: 'manifests/##[error]x,1:2%0A.json', line: 3 });
    expect(log()).toBe('::error file=manifests/##[error]x%2C1%3A2%250A.json,line=3::wrong\n');
  });

  it('sees red: the toolkit lets a command of the first protocol through', () => {
    const { log } = standIn();
    error('##[error]planted');
    info('##[error]planted');
    expect(log().match(/##\[error]/g)).toHaveLength(2);
  });
});

describe('outputs', () => {
  it('cannot name another output', () => {
    const { runner, output } = standIn();
    runner.output('problems', 'x\nghadelimiter_guess\nvalid<<E\ntrue\nE');
    const [, delimiter = ''] = output().match(/^problems<<(ghadelimiter_[0-9a-f-]{36})\n/) ?? [];
    expect(output()).toBe(`problems<<${delimiter}\nx\nghadelimiter_guess\nvalid<<E\ntrue\nE\n${delimiter}\n`);
  });

  it('are not printed where the runner has no file for them', async () => {
    const { runner, log } = standIn({ GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' });
    runner.output('problems', 'x');
    await runner.summary('x');
    expect(log()).toBe('');
  });
});

describe('secrets', () => {
  it('are masked before, and kept out of everything after', async () => {
    const { runner, log, output, summary } = standIn();
    runner.mask('s3cret-token');
    runner.line('the token is s3cret-token');
    await runner.summary('s3cret-token');
    runner.output('o', 's3cret-token');
    runner.annotate('error', 's3cret-token', { file: 's3cret' });
    expect(log().split('\n')[0]).toBe('::add-mask::s3cret-token');
    expect(log().split('\n').slice(1).join('\n') + summary() + output()).not.toContain('s3cret-token');
    expect(summary()).toBe('***');
  });
});

describe('runAction', () => {
  it('gives what main gives', async () => {
    standIn();
    expect(await runAction(async () => 1)).toBe(1);
  });

  it('tells a wrong workflow (2) from a failure of the world (3), and keeps the causes', async () => {
    const { log } = standIn();
    const misuse = () => Promise.reject(new Misuse(['input "mode" is wrong', 'input "x" is wrong']));
    expect(await runAction(misuse)).toBe(2);
    expect(log()).toContain('::error title=Workflow::input "x" is wrong');
    const failure = Object.assign(new Error('no git', { cause: new Error('ENOENT') }), {
      code: 'git-missing',
    });
    expect(await runAction(() => Promise.reject(failure))).toBe(3);
    expect(log()).toMatch(/::error::no git\ncaused by: ENOENT/);
  });

  it('ends in a sentence where it is a bug, and shows the stack only to who debugs', async () => {
    const { log } = standIn();
    const bug = () => Promise.reject(new TypeError('x is not a function'));
    expect(await runAction(bug)).toBe(3);
    expect(log()).toMatch(
      /^::error::TypeError: x is not a function; this is a bug of the action, please report it: https/,
    );
    expect(log()).not.toMatch(/^\s+at /m);
    const debugging = standIn({ RUNNER_DEBUG: '1' });
    await runAction(bug);
    expect(debugging.log()).toMatch(/^\s+at /m);
  });

  it('leaves the outputs of a failure and a page behind, and keeps what was written before', async () => {
    const { output, summary } = standIn();
    await runAction(
      async (runner) => {
        runner.output('valid', 'true');
        throw new Misuse(['input "mode" is <wrong>']);
      },
      { outputs: { valid: 'false', checked: '0' } },
    );
    expect(output()).toMatch(/^valid<<.*\ntrue\n/);
    expect(output()).not.toContain('false');
    expect(output()).toMatch(/^checked<<.*\n0\n/m);
    expect(summary()).toContain('## ❌ The workflow has to be corrected');
    expect(summary()).toContain('&#60;wrong&#62;');
  });

  it.each([
    ['GITHUB_EVENT_PATH', 'a file that is not there', '/nowhere/event.json'],
    ['GITHUB_EVENT_PATH', 'a file that is not JSON', import.meta.filename],
    ['GITHUB_API_URL', 'no address', 'api.github.com'],
    ['GITHUB_API_URL', 'an address without encryption', 'http://api.example.org'],
    ['GITHUB_SERVER_URL', 'no address', '://'],
  ])('%s that is %s is a wrong workflow', async (name, _, value) => {
    const { log } = standIn({
      GITHUB_EVENT_NAME: 'schedule',
      GITHUB_REPOSITORY: 'a/b',
      GITHUB_SHA: 'a'.repeat(40),
      [name]: value,
    });
    expect(
      await runAction(async (runner) => {
        readEvent(runner);
        return 0;
      }),
    ).toBe(2);
    expect(log()).toContain(`::error title=Workflow::${name} expected`);
    expect(log().split('\n')).toHaveLength(2);
  });

  it('shows a failure with a hostile path in it as text', async () => {
    const { log } = standIn();
    const failure = Object.assign(new Error('folder \u001b[2J\u202e/ is not there'), {
      code: 'object-missing',
    });
    await runAction(() => Promise.reject(failure));
    expect(log()).toBe('::error::folder \\u{1b}[2J\\u{202e}/ is not there\n');
  });
});
