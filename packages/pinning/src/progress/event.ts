import type { Outcome } from '../observed/coverage.ts';
import type { CapacityReport } from '../plan/capacity.ts';
import type { StepKind } from '../plan/step.ts';
import type { PinningErrorCode } from '../target/pinning-error.ts';

interface Common {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The target's label. */
  readonly target: string;
}

/** What happens during an apply, a heal or a status. Every event survives JSON and none holds a secret. */
export type PinningEvent = Common &
  (
    | {
        readonly type: 'planned';
        readonly steps: Readonly<Partial<Record<StepKind, number>>>;
        readonly adds: number;
        readonly bytes: number;
      }
    | { readonly type: 'capacity'; readonly report: CapacityReport }
    | { readonly type: 'step-started'; readonly cid: string; readonly step: StepKind }
    | {
        readonly type: 'step-submitted';
        readonly cid: string;
        readonly step: StepKind;
        readonly elapsedMs: number;
      }
    | {
        readonly type: 'step-failed';
        readonly cid: string;
        readonly step: StepKind;
        readonly code: PinningErrorCode;
        readonly message: string;
      }
    | {
        readonly type: 'retry';
        readonly what: string;
        readonly attempt: number;
        readonly delayMs: number;
        readonly code: PinningErrorCode;
        readonly message: string;
      }
    | {
        readonly type: 'waiting';
        readonly poll: number;
        readonly settled: number;
        readonly total: number;
        /** Copies seen; of each CID no more than are wanted at least. */
        readonly copies: number;
        /** The least wanted of all CIDs together. */
        readonly copiesWanted: number;
        /** One that is waited for, and what it lacks. */
        readonly waitsFor?: { readonly cid: string; readonly name: string; readonly missing: string };
      }
    | {
        readonly type: 'recovering';
        readonly cid: string;
        readonly step: StepKind;
        readonly peers: readonly string[];
      }
    | {
        /** Peers have looked for it for a minute, and none has a copy: perhaps nobody published it. Once for each CID. */
        readonly type: 'unfound';
        readonly cid: string;
        readonly name: string;
        readonly waitedMs: number;
      }
    | { readonly type: 'echoed'; readonly cid: string; readonly unheard: number }
    | {
        readonly type: 'settled';
        readonly cid: string;
        readonly outcome: Outcome;
        readonly copies: number;
        readonly elapsedMs: number;
      }
    | {
        readonly type: 'applied';
        readonly outcome: Outcome;
        readonly satisfied: number;
        readonly degraded: number;
        readonly failed: number;
        readonly elapsedMs: number;
      }
    | {
        readonly type: 'status';
        readonly healthy: number;
        readonly degraded: number;
        readonly unhealthy: number;
        readonly copies: number;
      }
  );

export type OnProgress = (event: PinningEvent) => void;

type Bare<Event> = Event extends unknown ? Omit<Event, keyof Common> : never;

/** Fills in what every event has. */
export function emitter(target: string, now: () => number, listen: OnProgress | undefined) {
  return (event: Bare<PinningEvent>): void => listen?.({ at: now(), target, ...event } as PinningEvent);
}

export type Emit = ReturnType<typeof emitter>;
