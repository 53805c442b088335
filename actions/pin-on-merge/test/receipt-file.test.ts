import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetResult } from '@holdfast/datasets';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { standIn } from '../../../packages/action-kit/test/runner-stand-in.ts';
import { writeOutputs } from '../src/outputs.ts';
import type { Report } from '../src/report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-receipt-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const satisfied: DatasetResult = {
  id: 'tides@1.0.0',
  manifest: 'manifests/tides-v1.0.0.json',
  verdict: 'satisfied',
  reason: 'because',
  cid: 'bafy',
  digest: 'd'.repeat(64),
  tier: 'standard',
  wanted: { min: 2, max: 3, regions: 0, spread: 'where-tagged' },
};

const report = (changes: Partial<Report> = {}): Report => ({
  repository: 'o/r',
  commit: 'c'.repeat(40),
  event: 'push',
  mode: 'changed',
  dryRun: false,
  results: [satisfied],
  problems: [],
  notes: [],
  startedAt: '2026-11-21T06:30:00.000Z',
  finishedAt: '2026-11-21T06:30:02.500Z',
  ...changes,
});

/** What a step of a job leaves, all of them with the same temporary folder. */
async function step(of: Report, path?: string) {
  const { runner, output } = standIn({ RUNNER_TEMP: folder });
  const fault = await writeOutputs(of, { runner, ...(path !== undefined && { path }) });
  const lines = output().matchAll(/^(.*?)<<.*\n(.*)\n/gm);
  return { fault, outputs: Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value])) };
}

it('each step of a job has a receipt of its own', async () => {
  const first = await step(report());
  const second = await step(report({ commit: 'e'.repeat(40) }));
  const commitIn = (path = '') => JSON.parse(readFileSync(path, 'utf8')).predicate.commit;
  expect(commitIn(first.outputs.receipt)).toBe('c'.repeat(40));
  expect(commitIn(second.outputs.receipt)).toBe('e'.repeat(40));
});

it('a receipt that was promised earlier is not left where nothing is satisfied now', async () => {
  const path = join(folder, 'here', 'receipt.json');
  await step(report(), path);
  expect(readdirSync(join(folder, 'here'))).toHaveLength(3);
  await step(report({ results: [], dryRun: true }), path);
  expect(existsSync(path)).toBe(true);
  expect(
    (await step(report({ results: [{ ...satisfied, verdict: 'degraded' }] }), path)).outputs.receipt,
  ).toBeUndefined();
  expect(readdirSync(join(folder, 'here'))).toEqual([]);
});

it('a place that cannot be written to is told, and the counts are there all the same', async () => {
  const path = join(folder, 'taken.json');
  mkdirSync(path);
  const { fault, outputs } = await step(report(), path);
  expect(fault).toMatch(/^the receipt could not be written: .*taken\.json/);
  expect(outputs.satisfied).toBe('1');
  expect(outputs.receipt).toBeUndefined();
});
