import type { Tier } from '@holdfast/manifest';
import type { Copies, PeerExplanation, PinningErrorCode, StepKind } from '@holdfast/pinning';

/**
 * - `satisfied`, `degraded`, `failed`: enough copies, fewer, none
 * - `refused`: the manifest did not pass, so nothing of it was pinned or changed
 * - `blocked`: the scanner found something, or could not look
 * - `accepted`: the target took it, and nobody waited for the copies
 * - `withdrawn`: taken out, by a signed manifest
 * - `ended`: its time, `expires`, is over, and nothing keeps it
 * - `planned`: a dry run
 */
export type Verdict =
  | 'satisfied'
  | 'degraded'
  | 'failed'
  | 'refused'
  | 'blocked'
  | 'accepted'
  | 'withdrawn'
  | 'ended'
  | 'planned';

/** For «x@1.0.0 … : reason». */
export const verdictPhrase: Readonly<Record<Verdict, string>> = {
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

/** What became of one dataset. A plain value: it is also what the `results` output holds. */
export interface DatasetResult {
  /** `name@version`; a manifest that could not be read has none. */
  readonly id?: string;
  readonly manifest: string;
  readonly verdict: Verdict;
  /** One sentence: what is so, or what is missing, where and why. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly todo?: string;
  readonly cid?: string;
  /** SHA-256 of the canonical dataset, in hex. */
  readonly digest?: string;
  readonly tier?: Tier;
  readonly size?: number;
  readonly signedBy?: readonly string[];
  readonly step?: StepKind;
  readonly wanted?: Copies;
  readonly copies?: number;
  readonly regions?: readonly string[];
  readonly peers?: readonly PeerExplanation[];
  readonly error?: PinningErrorCode;
  readonly elapsedMs?: number;
  readonly retrieval?: RetrievalResult;
}

/** Blocks fetched back through gateways. */
export interface RetrievalResult {
  readonly ok: boolean;
  readonly blocks: number;
  readonly bytes: number;
  readonly gateways: readonly string[];
  /** One sentence for each block that no gateway gave. */
  readonly missing: readonly string[];
}

export interface Counts {
  readonly satisfied: number;
  readonly degraded: number;
  readonly failed: number;
}

const asFailed: ReadonlySet<Verdict> = new Set(['failed', 'refused', 'blocked']);

export function countResults(results: readonly DatasetResult[]): Counts {
  const count = (holds: (verdict: Verdict) => boolean) =>
    results.filter(({ verdict }) => holds(verdict)).length;
  return {
    satisfied: count((verdict) => verdict === 'satisfied'),
    degraded: count((verdict) => verdict === 'degraded'),
    failed: count((verdict) => asFailed.has(verdict)),
  };
}
