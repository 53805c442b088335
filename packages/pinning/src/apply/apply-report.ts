import type { Coverage, Outcome } from '../observed/coverage.ts';
import type { CapacityReport } from '../plan/capacity.ts';
import type { StepKind } from '../plan/step.ts';
import type { PinningErrorCode } from '../target/pinning-error.ts';

/** What became of one CID. */
export interface CidResult {
  readonly cid: string;
  readonly ids: readonly string[];
  readonly name: string;
  readonly step: StepKind;
  /**
   * By the copies that exist; at best degraded where the target did not take a `raise`, `extend` or `update`.
   * For `unpin` and `release`: satisfied once the target has taken it, failed otherwise.
   */
  readonly outcome: Outcome;
  /** One sentence: what is so, or what is missing, where and why. */
  readonly reason: string;
  /** The copies as last seen; absent for CIDs that this owner does not want any longer, and for ones never seen. */
  readonly coverage?: Coverage;
  /** Set where the target refused or failed, in spite of which copies may exist. */
  readonly error?: { readonly code: PinningErrorCode; readonly message: string };
  readonly elapsedMs: number;
}

export interface ApplyReport {
  /** The worst of all results. */
  readonly outcome: Outcome;
  readonly results: readonly CidResult[];
  readonly satisfied: number;
  readonly degraded: number;
  readonly failed: number;
  /** Polls of the whole set made while waiting. */
  readonly polls: number;
  readonly capacity: CapacityReport;
  readonly ended: 'done' | 'deadline' | 'cancelled';
  readonly startedAt: string;
  readonly elapsedMs: number;
}
