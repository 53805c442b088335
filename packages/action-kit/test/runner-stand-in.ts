import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Environment, Runner } from '../src/index.ts';
import { asAction } from './as-action.ts';

export interface StandIn {
  readonly runner: Runner;
  readonly log: () => string;
  readonly output: () => string;
  readonly summary: () => string;
}

/** Until the test ends, this process is as the runner starts an action, with files of its own. */
export function standIn(environment: Environment = {}): StandIn {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-runner-'));
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  for (const path of [output, summary]) writeFileSync(path, '');
  let log = '';
  const files = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  const entered = asAction({ ...files, ...environment }, (text) => {
    log += text;
  });
  onTestFinished(() => {
    entered[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });
  return {
    runner: new Runner(),
    log: () => log,
    output: () => readFileSync(output, 'utf8'),
    summary: () => readFileSync(summary, 'utf8'),
  };
}
