import type { ApplyOptions } from '../apply/apply.ts';
import type { PinTarget, TargetPeer } from '../target/target.ts';
import type { Phase } from './phase.ts';
import type { PhaseCheck } from './rollout-report.ts';

/** A phase whose copies were made. */
export interface OpenPhase {
  readonly name: string;
  /** The target as far as the phase goes. */
  readonly target: PinTarget;
  /** The peers whose turn it is; those of the phases before are not among them. */
  readonly peers: readonly TargetPeer[];
}

/** Looks at the copies of a phase. A CID without an answer waits for the next run; one with a check that failed is taken back. */
export type VerifyPhase = (
  phase: OpenPhase,
  cids: readonly string[],
  options: { readonly signal: AbortSignal },
) => Promise<ReadonlyMap<string, readonly PhaseCheck[]>>;

export type RolloutEvent =
  | { readonly type: 'phase-started'; readonly phase: string; readonly datasets: number }
  | { readonly type: 'phase-verifying'; readonly phase: string; readonly datasets: number }
  | { readonly type: 'phase-ended'; readonly phase: string; readonly passed: number; readonly failed: number }
  | { readonly type: 'rolling-back'; readonly phase: string; readonly datasets: number };

export interface RolloutOptions extends Omit<ApplyOptions, 'wait' | 'shortage'> {
  /** Whose requests these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  /** In order; what none of them names comes last. Default: a region after the other, else a target after the other. */
  readonly phases?: readonly Phase[] | undefined;
  /** Default: the copies alone are counted. */
  readonly verify?: VerifyPhase | undefined;
  /** What an id belongs to: what has the same answer goes out together, and is taken back together. Default: the id itself. */
  readonly together?: ((id: string) => string) | undefined;
  /** The phase to stop after. A later run goes on from there. */
  readonly until?: string | undefined;
  /** For the copies of one phase. Default: what is left of `deadlineMs`. */
  readonly phaseMs?: number | undefined;
  readonly onPhase?: ((event: RolloutEvent) => void) | undefined;
}
