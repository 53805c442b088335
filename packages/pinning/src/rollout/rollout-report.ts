import type { Coverage } from '../observed/coverage.ts';
import type { RolloutState } from './rollout-state.ts';

/** One thing that was looked at after a phase. */
export interface PhaseCheck {
  readonly check: 'copies' | 'gateways' | 'proofs' | 'speed';
  readonly ok: boolean;
  /** For people. */
  readonly text: string;
}

/**
 * - `done`: it is rolled out, in this run or before
 * - `paused`: as far as the run was to go
 * - `held`: places of the next phase cannot be asked, or are too few; nothing is wrong with the dataset
 * - `unfinished`: the time was over, or the target could not be read; the next run goes on
 * - `rolled-back`: a phase failed, and what was asked for was given up
 */
export type RolloutOutcome = 'done' | 'paused' | 'held' | 'unfinished' | 'rolled-back';

/** What became of one dataset. */
export interface RolledDataset extends Omit<RolloutState, 'standing' | 'phases'> {
  readonly outcome: RolloutOutcome;
  /** One sentence. */
  readonly reason: string;
  /** Of the last phase that it came to; absent where it was not looked at. */
  readonly coverage?: Coverage;
  /** Of the last phase that it came to. */
  readonly checks: readonly PhaseCheck[];
}

export interface PhaseReport {
  readonly phase: string;
  /** The targets, or peers, whose turn it is. */
  readonly places: readonly string[];
  readonly state: RolloutOutcome | 'waiting';
  /** Datasets that are through. */
  readonly passed: number;
  readonly failed: number;
  readonly elapsedMs: number;
}

export interface RolloutReport {
  /** The worst of all datasets. */
  readonly outcome: RolloutOutcome;
  readonly phases: readonly PhaseReport[];
  readonly datasets: readonly RolledDataset[];
  readonly startedAt: string;
  readonly elapsedMs: number;
}

const order: readonly RolloutOutcome[] = ['done', 'paused', 'held', 'unfinished', 'rolled-back'];

export function worstOutcome(outcomes: Iterable<RolloutOutcome>): RolloutOutcome {
  let worst: RolloutOutcome = 'done';
  for (const outcome of outcomes) if (order.indexOf(outcome) > order.indexOf(worst)) worst = outcome;
  return worst;
}
