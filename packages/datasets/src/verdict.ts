/**
 * - `satisfied`, `degraded`, `failed`: enough copies, fewer, none
 * - `refused`: the manifest did not pass, so nothing of it was pinned or changed
 * - `blocked`: the scanner found something, or could not look
 * - `accepted`: the target took it, and nobody waited for the copies
 * - `withdrawn`: taken out, by a signed manifest
 * - `ended`: its end, `expires`, has passed, and nothing keeps it
 * - `planned`: a dry run
 */
export type DatasetVerdict =
  | 'satisfied'
  | 'degraded'
  | 'failed'
  | 'refused'
  | 'blocked'
  | 'accepted'
  | 'withdrawn'
  | 'ended'
  | 'planned';

/** The verdict as a predicate: "tides@1.0.0 is satisfied". */
export const verdictPhrase: Readonly<Record<DatasetVerdict, string>> = {
  satisfied: 'is satisfied',
  degraded: 'is degraded',
  failed: 'has failed',
  refused: 'was refused',
  blocked: 'was blocked',
  withdrawn: 'is withdrawn',
  ended: 'has ended',
  planned: 'is planned',
  accepted: 'is accepted',
};

/** How many datasets came out well, short and badly. */
export interface VerdictCounts {
  readonly satisfied: number;
  readonly degraded: number;
  readonly failed: number;
}

const failing: ReadonlySet<DatasetVerdict> = new Set(['failed', 'refused', 'blocked']);

/** Counts verdicts. What was refused or blocked counts as failed; `withdrawn`, `ended`, `planned` and `accepted` as neither. */
export function countVerdicts(results: readonly { readonly verdict: DatasetVerdict }[]): VerdictCounts {
  const count = (holds: (verdict: DatasetVerdict) => boolean) =>
    results.filter(({ verdict }) => holds(verdict)).length;
  return {
    satisfied: count((verdict) => verdict === 'satisfied'),
    degraded: count((verdict) => verdict === 'degraded'),
    failed: count((verdict) => failing.has(verdict)),
  };
}
