import { execFileSync } from 'node:child_process';
import { sampleHistory } from '@holdfast/testkit';
import { type HistoryLine, metricsText, summarize } from '@holdfast/watch';
import { expect, it } from 'vitest';

const to = Date.parse('2026-11-27T12:00:00Z');
const datasets = [{ id: 'tides@1.0.0', cid: 'bafy', size: 1000, min: 3 }];
const summary = () =>
  summarize(sampleHistory({ datasets, to, days: 30 }) as Iterable<HistoryLine>, {
    at: to,
    toLastRound: true,
  });
const endings = [{ kind: 'signer', id: 'bob "\\\n', endsAt: to, what: '', todo: '', signers: [] }] as const;

/** What promtool finds in a text; empty where it finds nothing. */
function found(text: string): string {
  try {
    return execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return String((error as { stderr: string }).stderr);
  }
}

it('promtool finds nothing in what watch writes for node-exporter', async () => {
  const text = metricsText(await summary(), { endings, format: 'prometheus' });
  expect(text).toContain('holdfast_ending_timestamp_seconds{kind="signer",id="bob');
  expect(found(text)).toBe('');
  // It would say so.
  expect(found(text.replace('# HELP holdfast_rounds_total', '# HELP holdfast_rounds'))).toContain(
    'no help text',
  );
  expect(found(text.replace('"} ', '} '))).not.toBe('');
});
