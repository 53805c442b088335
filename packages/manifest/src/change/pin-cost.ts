import type { TierCopies } from '../policy/tiers.ts';
import type { Trust } from '../trust/trust.ts';
import type { Change } from './change.ts';

/** What the merge will do to the pins of one dataset. */
export interface PlannedStep {
  readonly step: 'pin' | 'raise' | 'lower' | 'update' | 'unpin' | 'none';
  /** `name@version` */
  readonly id: string;
  readonly cid: string;
  readonly copies: TierCopies;
  /** The copies of what is merged now. */
  readonly had?: TierCopies;
  /** Of one copy. */
  readonly bytes: number;
  /** Added by the step over all copies, at least and at most; negative if it removes copies. */
  readonly adds: readonly [number, number];
}

const none: TierCopies = { min: 0, max: 0, regions: 0 };

/** From the manifests alone. A pull request has no secret to ask the cluster with, so the merge adds at most this. */
export function plannedPins(changes: readonly Change[], trust: Trust): PlannedStep[] {
  return changes.flatMap((change) => {
    const step = stepOf(change, trust);
    return step === undefined ? [] : [step];
  });
}

function stepOf({ kind, before, after, newBytes }: Change, trust: Trust): PlannedStep | undefined {
  if (after === undefined || kind === 'unchanged') return undefined;
  const { name, version, cid, tier, totalSize: bytes, withdrawn } = after.manifest.dataset;
  const old = before?.manifest.dataset;
  const had = old === undefined || old.withdrawn ? undefined : trust.tiers[old.tier];
  const copies = withdrawn ? none : trust.tiers[tier];
  const step = kindOf(had, copies, before?.digest !== after.digest);
  // Copies of what is merged have all of it; those of a new version lack what the version before does not share.
  const each = copies.max === 0 ? bytes : (newBytes ?? bytes);
  const adds = [copies.min - (had?.min ?? 0), copies.max - (had?.max ?? 0)] as const;
  return {
    step,
    id: `${name}@${version}`,
    cid,
    copies,
    ...(had && { had }),
    bytes,
    adds: [adds[0] * each, adds[1] * each],
  };
}

function kindOf(had: TierCopies | undefined, copies: TierCopies, differs: boolean): PlannedStep['step'] {
  if (had === undefined) return copies.max === 0 ? 'none' : 'pin';
  if (copies.max === 0) return 'unpin';
  if (copies.min > had.min || copies.max > had.max) return 'raise';
  if (copies.min < had.min || copies.max < had.max) return 'lower';
  return differs ? 'update' : 'none';
}

/** Over all steps. */
export function pinCost(plan: readonly PlannedStep[]): readonly [number, number] {
  return plan.reduce<readonly [number, number]>(
    (sum, { adds }) => [sum[0] + adds[0], sum[1] + adds[1]],
    [0, 0],
  );
}
