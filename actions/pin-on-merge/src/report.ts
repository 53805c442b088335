import { countVerdicts, type DatasetResult, type NameResult, type VerdictCounts } from '@holdfast/datasets';
import type { Problem } from '@holdfast/manifest';
import type { Plan } from '@holdfast/pinning';
import type { FoundDataset } from './findable.ts';
import type { FoundProofs } from './proofs.ts';
import type { ShownRollout } from './rollout.ts';

export interface TargetSummary {
  /** For people, without credentials. */
  readonly label: string;
  readonly peersUp: number;
  readonly peers: number;
  readonly regions: readonly string[];
}

/** Why nothing at all could be done. */
export interface RunFailure {
  readonly message: string;
  readonly todo: string;
}

/** All that a run found and did, as a value. The log, the page, the comment and the outputs are made from it. */
export interface Report {
  readonly repository: string;
  readonly commit: string;
  readonly base?: string;
  readonly event: string;
  readonly mode: 'changed' | 'all';
  readonly dryRun: boolean;
  readonly target?: TargetSummary;
  readonly plan?: Plan;
  readonly results: readonly DatasetResult[];
  /** How far the datasets can be found; absent where the run was given no routers. */
  readonly found?: readonly FoundDataset[];
  /** What peers could show of their copies; absent where they were not asked. */
  readonly proofs?: FoundProofs | undefined;
  /** How new versions went out; absent where they go out at once. Of a dry run, the phases alone. */
  readonly rollout?: ShownRollout | undefined;
  /** Where the names of datasets point; absent where the run was given no key of a name. */
  readonly names?: readonly NameResult[];
  /** What is wrong with manifests, keys and policy. */
  readonly problems: readonly Problem[];
  /** What a person should know besides the results. */
  readonly notes: readonly string[];
  readonly failure?: RunFailure;
  readonly policyVersion?: number;
  readonly startedAt: string;
  readonly finishedAt: string;
}

export type Grade = 'satisfied' | 'degraded' | 'failed' | 'planned' | 'accepted';

/** The run in a word: the worst result. */
export function gradeOf(report: Report): Grade {
  const { degraded, failed } = countVerdicts(report.results);
  const errors = report.problems.some((problem) => problem.severity === 'error');
  if (report.failure !== undefined || failed > 0 || errors) return 'failed';
  if (degraded > 0 || failedNames(report).length > 0) return 'degraded';
  if (report.dryRun) return 'planned';
  return report.results.some(({ verdict }) => verdict === 'accepted') ? 'accepted' : 'satisfied';
}

/** Names that still point elsewhere, or end soon, because too few routers took them. */
export function failedNames({ names = [] }: Report): readonly NameResult[] {
  return names.filter(({ outcome }) => outcome === 'failed');
}

/** The run in a line. */
export function headline(report: Report): string {
  const counts = countVerdicts(report.results);
  const grade = gradeOf(report);
  if (report.failure !== undefined) return 'Nothing could be done';
  if (grade === 'planned') return `Dry run: ${planLine(report)}`;
  if (report.results.length === 0 && grade === 'satisfied') return 'No dataset to pin';
  if (grade === 'accepted') {
    const accepted = report.results.filter(({ verdict }) => verdict === 'accepted').length;
    return `${accepted} accepted, not waited for; ${counts.satisfied} satisfied`;
  }
  const count = (which: DatasetResult['verdict']) =>
    report.results.filter(({ verdict }) => verdict === which).length;
  const gone = (['withdrawn', 'ended'] as const).filter((which) => count(which) > 0);
  if (gone.length > 0 && grade === 'satisfied' && counts.satisfied === 0)
    return gone.map((which) => `${count(which)} ${which}`).join(', ');
  const total = counts.satisfied + counts.degraded + counts.failed;
  if (grade === 'satisfied' && total > 0)
    return total === 1 ? 'The dataset has its copies' : `All ${total} datasets have their copies`;
  const unnamed = failedNames(report).length;
  return unnamed === 0 ? countsLine(counts) : `${countsLine(counts)}; ${unnamed} not named`;
}

export function countsLine({ satisfied, degraded, failed }: VerdictCounts): string {
  return `${satisfied} satisfied, ${degraded} degraded, ${failed} failed`;
}

function planLine({ results, plan }: Report): string {
  const refused = results.filter(({ verdict }) => verdict === 'refused').length;
  const changes = (plan?.steps ?? []).filter(({ kind }) => kind !== 'keep' && kind !== 'adopt').length;
  const planned = changes === 0 ? 'nothing to change' : `${changes} to change`;
  return refused === 0 ? planned : `${planned}, ${refused} refused`;
}
