import type { Dataset } from '../manifest/manifest.ts';
import type { TierCopies } from '../policy/tiers.ts';
import type { Trust } from './trust.ts';

const nothing: TierCopies = { min: 0, max: 0, regions: 0 };

/** True if a manifest asks for less than the merged one: it is withdrawn, or has fewer copies or an earlier end. */
export function asksForLess(dataset: Dataset, merged: Dataset | undefined, { tiers }: Trust): boolean {
  if (dataset.withdrawn !== undefined) return true;
  if (merged === undefined || dataset.totalSize > merged.totalSize) return false;
  const copies = (one: Dataset) => (one.withdrawn === undefined ? tiers[one.tier] : nothing);
  const [wanted, had] = [copies(dataset), copies(merged)];
  const [end, endBefore] = [endOf(dataset), endOf(merged)];
  const steps = [
    had.min - wanted.min,
    had.max - wanted.max,
    had.regions - wanted.regions,
    end === endBefore ? 0 : endBefore - end,
  ];
  return steps.every((less) => less >= 0) && steps.some((less) => less > 0);
}

function endOf({ expires }: Dataset): number {
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
}
