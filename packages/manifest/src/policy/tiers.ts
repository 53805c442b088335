import type { Tier } from '../manifest/manifest.ts';

export interface TierCopies {
  readonly min: number;
  readonly max: number;
  /** The least number of regions that the copies are in; 0: any. */
  readonly regions: number;
}

/**
 * The copies of each tier. A policy can change them.
 *
 * @example
 * ```ts
 * defaultTiers.critical; // => { min: 5, max: 7, regions: 3 }
 * ```
 */
export const defaultTiers: Readonly<Record<Tier, TierCopies>> = {
  critical: { min: 5, max: 7, regions: 3 },
  important: { min: 3, max: 5, regions: 2 },
  standard: { min: 2, max: 3, regions: 0 },
  ephemeral: { min: 1, max: 1, regions: 0 },
};
