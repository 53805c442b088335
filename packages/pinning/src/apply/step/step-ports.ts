import type { BackOff, Clock } from '@holdfast/http';
import type { Plan } from '../../plan/step.ts';
import type { Emit } from '../../progress/event.ts';
import type { PinTarget, TargetInfo } from '../../target/target.ts';

/** What every part of an apply works with. */
export interface StepPorts {
  readonly target: PinTarget;
  readonly info: TargetInfo;
  readonly plan: Plan;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly backOff?: BackOff;
}

/** What the parts of a wait go by. */
export interface WaitBudget {
  /** When the work began, in milliseconds since 1970. */
  readonly began: number;
  readonly concurrency: number;
}
