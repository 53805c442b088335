import type { DatasetResult } from '@holdfast/datasets';
import { describe, expect, it } from 'vitest';
import { annotations, resultLines } from '../src/log.ts';
import { renderPage } from '../src/page.ts';
import { receiptOf } from '../src/receipt.ts';
import { gradeOf, headline, type Report } from '../src/report.ts';

const report = (results: readonly DatasetResult[], changes: Partial<Report> = {}): Report => ({
  repository: 'o/r',
  commit: 'c'.repeat(40),
  event: 'push',
  mode: 'changed',
  dryRun: false,
  results,
  problems: [],
  notes: [],
  startedAt: '2026-11-21T06:30:00.000Z',
  finishedAt: '2026-11-21T06:30:02.500Z',
  ...changes,
});
const result = (verdict: DatasetResult['verdict'], changes: Partial<DatasetResult> = {}): DatasetResult => ({
  id: 'tides@1.0.0',
  manifest: 'manifests/tides-v1.0.0.json',
  verdict,
  reason: 'because',
  ...changes,
});
const page = (shown: Report, limit = 60_000) => renderPage(shown, { serverUrl: 'https://github.com', limit });

describe('a run in a word', () => {
  it.each([
    [[], 'satisfied', 'No dataset to pin'],
    [['satisfied'], 'satisfied', 'The dataset has its copies'],
    [['satisfied', 'satisfied'], 'satisfied', 'All 2 datasets have their copies'],
    [['satisfied', 'degraded'], 'degraded', '1 satisfied, 1 degraded, 0 failed'],
    [['satisfied', 'degraded', 'failed'], 'failed', '1 satisfied, 1 degraded, 1 failed'],
    [['refused'], 'failed', '0 satisfied, 0 degraded, 1 failed'],
    [['blocked'], 'failed', '0 satisfied, 0 degraded, 1 failed'],
    [['withdrawn'], 'satisfied', '1 withdrawn'],
    [['ended', 'withdrawn', 'ended'], 'satisfied', '1 withdrawn, 2 ended'],
    [['satisfied', 'ended'], 'satisfied', 'The dataset has its copies'],
  ] as const)('%j is %s', (verdicts, grade, line) => {
    const shown = report(verdicts.map((verdict) => result(verdict)));
    expect(gradeOf(shown)).toBe(grade);
    expect(headline(shown)).toBe(line);
  });

  it('is failed for an error in keys or policy, whatever the datasets are', () => {
    const problem = {
      code: 'policy/x',
      severity: 'error',
      message: 'm',
      path: '',
      line: 1,
      column: 1,
    } as const;
    expect(gradeOf(report([result('satisfied')], { problems: [problem] }))).toBe('failed');
  });
});

describe('names', () => {
  const named = (outcome: 'published' | 'failed') =>
    report([result('satisfied')], {
      names: [{ dataset: 'tides', name: 'k51qzi', outcome, reason: 'because <b>', todo: 'Run again.' }],
    });

  it('that routers did not take make the run degraded, and say so everywhere', () => {
    const shown = named('failed');
    expect(gradeOf(shown)).toBe('degraded');
    expect(headline(shown)).toBe('1 satisfied, 0 degraded, 0 failed; 1 not named');
    expect(resultLines(shown)).toContain('✗ name of tides failed: because <b> (k51qzi)');
    expect(annotations(shown)).toMatchObject([{ level: 'error', title: 'name of tides failed' }]);
    expect(page(shown)).toContain('❌ <code>tides</code> <code>k51qzi</code>: because &#60;b&#62;<br>');
  });

  it('that are published are shown, and nothing more', () => {
    const shown = named('published');
    expect([gradeOf(shown), annotations(shown)]).toEqual(['satisfied', []]);
    expect(page(shown)).toContain('✅ <code>tides</code> <code>k51qzi</code>');
  });
});

describe('text of unknown origin', () => {
  const hostile = '::error::x\n| a | b |\n<img src=x> [l](http://e) @alice #1 `code` %0A##[group]';
  const shown = report([
    result('failed', { reason: hostile, todo: hostile, manifest: 'manifests/a](b).json' }),
  ]);

  it('cannot become Markdown or HTML on the page', () => {
    const text = page(shown);
    expect(text).not.toContain('<img');
    expect(text).not.toContain('](http');
    expect(text).not.toMatch(/^\| a \| b \|$/m);
    expect(text).not.toMatch(/@alice|#1\b/);
  });

  it('cannot leave its row', () => {
    const rows = page(report([result('failed', { id: 'a|b@1.0.0' })]))
      .split('\n')
      .filter((line) => line.startsWith('| '));
    for (const row of rows) expect(row.split(' | ')).toHaveLength(9);
  });

  it('is one annotation, with the manifest as its place', () => {
    expect(annotations(shown)).toHaveLength(1);
    expect(annotations(shown)[0]).toMatchObject({ level: 'error', title: 'tides@1.0.0 has failed', line: 1 });
  });
});

describe('the log', () => {
  it('has a line for each dataset, what to do, and the counts', () => {
    const lines = resultLines(
      report([result('satisfied', { elapsedMs: 1200 }), result('degraded', { todo: 'Do this.' })]),
    );
    expect(lines).toEqual([
      '✓ tides@1.0.0 is satisfied: because (1.2 s)',
      '⚠ tides@1.0.0 is degraded: because',
      '    → Do this.',
      '1 satisfied, 1 degraded, 0 failed in 2.5 s',
    ]);
  });
});

describe('limits', () => {
  it('of a page are kept, and what is cut is said', () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      result('failed', { id: `set-${index}@1.0.0`, todo: 'Do this.' }),
    );
    const text = page(report(many), 65_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
    expect(text).toContain('too long for this page');
  });
});

describe('a receipt', () => {
  const satisfied = result('satisfied', {
    cid: 'bafy',
    digest: 'd'.repeat(64),
    tier: 'standard',
    wanted: { min: 2, max: 3, regions: 0, spread: 'where-tagged' },
  });
  const context = {
    repository: 'o/r',
    commit: 'c',
    target: 't',
    startedAt: 'a',
    finishedAt: 'b',
  };

  it('is of what is satisfied and of nothing else', () => {
    const receipt = receiptOf(
      [satisfied, { ...satisfied, id: 'winds@1.0.0', verdict: 'degraded' }],
      [],
      context,
    );
    expect(receipt?.subject).toEqual([{ name: 'tides@1.0.0', digest: { sha256: 'd'.repeat(64) } }]);
  });

  it('is none where nothing is', () => {
    expect(receiptOf([{ ...satisfied, verdict: 'failed' }], [], context)).toBeUndefined();
  });

  it('has the name that points to it', () => {
    const named = { dataset: 'tides', name: 'k51', outcome: 'published', reason: 'points to it' } as const;
    const facts = { sequence: '7', validUntil: '2026-12-01T00:00:00.000Z' };
    const nameIn = (id: string) =>
      receiptOf([satisfied], [{ ...named, ...facts, id }], context)?.predicate.datasets[0]?.name;
    expect(nameIn('tides@1.0.0')).toEqual({ name: 'k51', ...facts });
    expect(nameIn('tides@0.9.0')).toBeUndefined();
  });

  it('names the peers that have it, not those that should', () => {
    const peers = [
      { peer: 'A', state: 'pinned', why: 'pinned' },
      { peer: 'B', state: 'pinning', why: 'pinning' },
    ] as const;
    expect(receiptOf([{ ...satisfied, peers }], [], context)?.predicate.datasets[0]?.peers).toEqual([
      { id: 'A' },
    ]);
  });
});
