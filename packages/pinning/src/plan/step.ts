import type { CombinedRequest } from '../desired/combined-request.ts';
import type { Copies } from '../desired/request.ts';
import type { WantedPin } from '../target/target.ts';

/**
 * - `pin`: nothing is there yet
 * - `raise`: more copies are wanted than the pin asks for
 * - `lower`: fewer are
 * - `top-up`: the pin asks for enough, but too few peers, or regions, hold it
 * - `extend`: it would end too soon
 * - `update`: its name, metadata or end differ
 * - `recover`: peers have given up and should try again
 * - `keep`: as it should be
 * - `unpin`: nobody wants it any more
 * - `release`: others still want it; only this owner's claim goes
 * - `adopt`: a pin of others that is enough; it counts, and is not changed
 * - `conflict`: a pin of others that is not enough, and is not changed
 * - `expired`: its end has passed
 */
export type StepKind =
  | 'pin'
  | 'raise'
  | 'lower'
  | 'top-up'
  | 'extend'
  | 'update'
  | 'recover'
  | 'keep'
  | 'unpin'
  | 'release'
  | 'adopt'
  | 'conflict'
  | 'expired';

/** What to do about one CID, and why. A plain value: it survives JSON. */
export interface Step {
  readonly kind: StepKind;
  readonly cid: string;
  /** The ids this owner wants it for; for `unpin` and `release`, those it was wanted for. */
  readonly ids: readonly string[];
  readonly name: string;
  /** A sentence for people. */
  readonly reason: string;
  /** Copies this owner wants; absent where it wants none. */
  readonly wanted?: Copies;
  /** What is missing of them now, in the words of `pinStatus`; absent where nothing is. */
  readonly missing?: string;
  /** RFC 3339; until then. */
  readonly expires?: string;
  readonly had: {
    /** Peers that report it pinned. */
    readonly copies: number;
    /** Peers fit to hold it that were asked to. */
    readonly allocated: number;
    /** What the pin asked for. */
    readonly min?: number;
    readonly max?: number;
  };
  /** Copies that this step adds, and their bytes where the size is known. */
  readonly adds: number;
  readonly bytes: number;
  /** The target can't give as many copies as wanted now: how many it can. */
  readonly shortage?: { readonly needed: number; readonly fit: number };
  /** Writes to make, in order; the last is how the pin should stay. */
  readonly writes: readonly WantedPin[];
  /** What this owner wants, to plan the same CID again against a newer state. */
  readonly request?: CombinedRequest;
}

/** Whether the end of what is wanted has passed. */
export function hasExpired({ expires }: Pick<Step, 'expires'>, now: number): boolean {
  return expires !== undefined && Date.parse(expires) <= now;
}

export interface Plan {
  readonly owner: string;
  readonly steps: readonly Step[];
  /** Ids that were taken out on purpose, so that a step can be planned again the same way. */
  readonly withdrawn: readonly string[];
  /** Until when the look that it was made from is believed, in milliseconds since 1970. Default: it is not. */
  readonly freshUntil?: number;
}

const quiet: ReadonlySet<StepKind> = new Set(['keep', 'adopt', 'conflict', 'expired']);

/**
 * Whether a step changes anything.
 *
 * @example
 * ```ts
 * import { isChange, planPins } from '@holdfast/pinning';
 *
 * const info = { kind: 'local', peers: [] } as const;
 * const plan = planPins([], [], { owner: 'github.com/example/data', info, at: new Date() });
 * console.log(plan.steps.some(isChange)); // prints: false
 * ```
 */
export function isChange(step: Step): boolean {
  return !quiet.has(step.kind);
}

/**
 * How many steps of each kind, and what they add.
 *
 * @example
 * ```ts
 * import { copiesFor, planPins, summarize } from '@holdfast/pinning';
 *
 * const owner = 'github.com/example/data';
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * const request = { cid, id: 'a@1.0.0', owner, name: 'a', copies: copiesFor('ephemeral'), totalSize: 6 };
 * const info = { kind: 'local', peers: [{ id: 'local', up: true }] } as const;
 * const { adds, bytes } = summarize(planPins([request], [], { owner, info, at: new Date() }));
 * console.log(adds, bytes); // prints: 1 6
 * ```
 */
export function summarize(plan: Plan): {
  readonly kinds: Readonly<Partial<Record<StepKind, number>>>;
  adds: number;
  bytes: number;
} {
  const kinds: Partial<Record<StepKind, number>> = {};
  let adds = 0;
  let bytes = 0;
  for (const step of plan.steps) {
    kinds[step.kind] = (kinds[step.kind] ?? 0) + 1;
    adds += step.adds;
    bytes += step.bytes;
  }
  return { kinds, adds, bytes };
}
