import { stripVTControlCharacters } from 'node:util';
import { escapeText } from '@holdfast/manifest/text';
import { planPins, type Step } from '@holdfast/pinning';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../src/frame/failure.ts';
import { Misuse } from '../src/frame/misuse.ts';
import { paintFor } from '../src/frame/paint.ts';
import type { Output } from '../src/frame/ports.ts';
import { problemText } from '../src/frame/problem-text.ts';
import { progressTo } from '../src/frame/progress.ts';
import type { ProgressEvent } from '../src/frame/progress-event.ts';
import { planText } from '../src/pinning/pin-text.ts';

function screen(isTTY: boolean, columns = 80): Output & { text: string } {
  return {
    isTTY,
    columns,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

const plain = paintFor(screen(false), {});

describe('a problem as text', () => {
  const source = '{\n\t"dataset": {\n    "teir": "standard"\n  }\n}\n';
  const problem = {
    code: 'manifest/unknown-field',
    severity: 'error',
    message: 'no such field "teir"',
    file: 'm.json',
    path: '/dataset/teir',
    line: 3,
    column: 5,
    hint: 'did you mean "tier"?',
  } as const;

  it('has its place, the line with a caret under it, and what to do', () => {
    expect(problemText(problem, plain, source)).toBe(
      [
        'm.json:3:5 error manifest/unknown-field',
        '  no such field "teir"',
        '  3 |     "teir": "standard"',
        '    |     ^',
        '  help: did you mean "tier"?',
        '',
      ].join('\n'),
    );
  });

  it('keeps the caret under its character after a tab', () => {
    expect(problemText({ ...problem, line: 2, column: 2 }, plain, source)).toContain(
      '2 |  "dataset": {\n    |  ^',
    );
  });

  it('cuts a line of a megabyte around the place', () => {
    const long = `{${'x'.repeat(499_999)}!${'y'.repeat(500_000)}`;
    const text = problemText({ ...problem, line: 1, column: 500_001 }, plain, long);
    expect(text.length).toBeLessThan(500);
    const [line = '', caret = ''] = text.split('\n').slice(2);
    expect(line[caret.indexOf('^')]).toBe('!');
  });

  it('lets nothing of the file or of the message drive the terminal', () => {
    const hostile = 'a\x1b[2J\u202eb';
    const text = problemText(
      { ...problem, line: 1, message: hostile, hint: hostile, file: hostile },
      plain,
      `{${hostile}`,
    );
    for (const char of ['\x1b', '\u202e']) expect(text).not.toContain(char);
    expect(text).toContain('a\\u{1b}[2J\\u{202e}b');
    expect(text).toContain('{a\\u{1b}[2J\\u{202e}b');
  });

  it('shows no excerpt where the place is not in the source', () => {
    expect(problemText({ ...problem, line: 99 }, plain, source)).not.toContain(' | ');
  });
});

describe('text of unknown origin', () => {
  it('leaves letters of all scripts alone and escapes what is not seen', () => {
    expect(escapeText('Ærø 潮汐 🌊')).toBe('Ærø 潮汐 🌊');
    expect(escapeText('a\nb\tc\u200b\ud800')).toBe('a\\u{a}b\\u{9}c\\u{200b}\\u{d800}');
  });
});

describe('a plan as text', () => {
  const request = {
    cid: 'bafybeicyygxe5sj6g3jqhsf4nhaamrd5viseef6ecjf3ccx7tk6wyqaowu',
    id: 'tides@1.0.0',
    owner: 'github.com/acme/tides',
    name: 'tides@1.0.0',
    copies: { min: 2, max: 3, regions: 0, spread: 'where-tagged' },
  } as const;
  const info = { kind: 'local', peers: [{ id: 'only', up: true }] } as const;
  const plan = planPins([request], [{ cid: request.cid, peers: [] }], {
    owner: request.owner,
    info,
    at: new Date(0),
  });

  it('tells a shortage of peers once', () => {
    expect(planText(plan, plain).split('\n')[0]).toBe(
      '  pin tides@1.0.0: not pinned yet; 2 to 3 wanted; only 1 peer fit to hold it, 2 wanted',
    );
  });

  it('tells it also where the reason is another', () => {
    const [step] = plan.steps;
    const later = { ...(step as Step), kind: 'extend', reason: 'ends soon, wanted without end' } as const;
    expect(planText({ ...plan, steps: [later] }, plain)).toContain(
      'wanted without end (only 1 of 2 peers can take it)',
    );
  });
});

describe('progress', () => {
  const events: ProgressEvent[] = [0, 10, 20, 100, 100].map((done) => ({
    phase: 'hashing',
    done,
    total: 100,
    unit: 'bytes',
  }));

  function play(output: Output, mode: 'json' | 'people' | 'silent', stepMs: number): void {
    let now = 1_000_000;
    const progress = progressTo(output, mode, { env: {}, clock: () => new Date(now) });
    for (const event of events) {
      progress.event(event);
      now += stepMs;
    }
    progress.clear();
  }

  it('is a bar on a terminal, drawn in place and taken off at the end', () => {
    const output = screen(true);
    play(output, 'people', 1000);
    expect(output.text).toContain('░');
    expect(output.text).toContain('hashing 20 B of 100 B (20 %)');
    expect(output.text).not.toContain('\n');
    expect(output.text.endsWith('\r\x1b[2K')).toBe(true);
  });

  it('never writes more than the width of the terminal', () => {
    const output = screen(true, 40);
    const progress = progressTo(output, 'people', { env: {}, clock: () => new Date() });
    progress.event({
      phase: 'fetching',
      done: 1,
      total: 2,
      unit: 'bytes',
      item: 'a/very/long/path/'.repeat(20),
    });
    expect(stripVTControlCharacters(output.text).trim().length).toBeLessThan(40);
  });

  it('is a line now and then elsewhere, once it takes longer', () => {
    const output = screen(false);
    play(output, 'people', 2000);
    expect(output.text).toBe('hashing 10 B of 100 B (10 %)\nhashing 100 B of 100 B (100 %)\n');
  });

  it('is a line seldom where nothing moves', () => {
    const output = screen(false);
    let now = 1_000_000;
    const progress = progressTo(output, 'people', { env: {}, clock: () => new Date(now) });
    for (let second = 0; second <= 120; second += 2) {
      const done = second < 60 ? 0 : 1;
      progress.event({ phase: 'pinning', done, total: 5, unit: 'copies', item: 'b has 0 of 5 copies' });
      now += 2_000;
    }
    expect(output.text.trim().split('\n')).toEqual([
      'pinning 0 of 5 copies (0 %): b has 0 of 5 copies',
      'pinning 0 of 5 copies (0 %): b has 0 of 5 copies',
      ...Array(3).fill('pinning 1 of 5 copies (20 %): b has 0 of 5 copies'),
    ]);
  });

  it('is JSON lines with --json', () => {
    const output = screen(false);
    play(output, 'json', 200);
    const lines = output.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toEqual({ event: 'progress', phase: 'hashing', done: 0, total: 100, unit: 'bytes' });
  });

  it('is nothing with --quiet', () => {
    const output = screen(true);
    play(output, 'silent', 1000);
    expect(output.text).toBe('');
  });
});

describe('failures', () => {
  it('are misuse, a failure of the world with a hint, or a bug that asks to be reported', () => {
    expect(failureOf(new Misuse('no', 'do this'))).toMatchObject({ exitCode: 2, hint: 'do this' });
    const refused = Object.assign(new Error('401 from http://127.0.0.1:9094'), { code: 'unauthorized' });
    expect(failureOf(refused)).toMatchObject({
      exitCode: 3,
      hint: expect.stringContaining('CLUSTER_AUTH'),
    });
    expect(failureOf(new TypeError('x is not a function'))).toMatchObject({ exitCode: 3, code: 'bug' });
  });
});
