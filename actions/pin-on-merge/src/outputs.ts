import { tmpdir } from 'node:os';
import { limitedJson, type Runner } from '@holdfast/action-kit';
import { countVerdicts } from '@holdfast/datasets';
import { receiptOf } from './receipt.ts';
import { defaultReceiptPath, removeReceipt, writeReceipt } from './receipt-file.ts';
import type { Report } from './report.ts';
import type { ShownRollout } from './rollout.ts';

export interface OutputOptions {
  readonly runner: Runner;
  /** Where the receipt goes; default: the runner's temporary folder. */
  readonly path?: string;
  readonly runUrl?: string;
}

/** Returns why the receipt could not be written, if it could not: the pins exist all the same, and the run still reports them. */
export async function writeOutputs(
  report: Report,
  { runner, path, runUrl }: OutputOptions,
): Promise<string | undefined> {
  const { satisfied, degraded, failed } = countVerdicts(report.results);
  runner.output('satisfied', String(satisfied));
  runner.output('degraded', String(degraded));
  runner.output('failed', String(failed));
  runner.output('results', limitedJson(report.results));
  const steps = report.plan?.steps.map(({ writes: _, request: __, ...step }) => step) ?? [];
  runner.output('plan', limitedJson(steps));
  runner.output('names', limitedJson(report.names ?? []));
  runner.output('proofs', limitedJson(report.proofs?.proofs ?? []));
  if (report.rollout !== undefined) runner.output('rollout', rolloutJson(report.rollout));
  const { repository, commit, policyVersion, target, startedAt, finishedAt } = report;
  const receipt = receiptOf(
    report.results,
    report.names ?? [],
    {
      repository,
      commit,
      ...(policyVersion !== undefined && { policyVersion }),
      target: target?.label ?? '',
      startedAt,
      finishedAt,
      ...(runUrl !== undefined && { run: runUrl }),
    },
    report.proofs?.proofs,
  );
  try {
    if (receipt === undefined) {
      if (path !== undefined && !report.dryRun) removeReceipt(path);
      return undefined;
    }
    const files = await writeReceipt(
      receipt,
      path ?? defaultReceiptPath(runner.environment.RUNNER_TEMP ?? tmpdir()),
    );
    runner.output('receipt', files.receipt);
    runner.output('receipt-subjects', files.subjects);
    runner.output('receipt-predicate', files.predicate);
    runner.output('receipt-type', files.type);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return `the receipt could not be written: ${error.message}`;
  }
}

/** An object whose list is cut where it is too long, as the other outputs are. */
function rolloutJson({ datasets, ...head }: ShownRollout): string {
  const opened = limitedJson([head]).slice('['.length, -'}]'.length);
  return `${opened},"datasets":${limitedJson(datasets)}}`;
}

/** The outputs of a run that came to no results. */
export function writeNoResults(runner: Runner): void {
  for (const name of ['satisfied', 'degraded', 'failed']) runner.output(name, '0');
  for (const name of ['results', 'plan', 'names', 'proofs']) runner.output(name, '[]');
}
