import type { Tier } from '@holdfast/manifest';
import { defaultTiers } from '@holdfast/manifest/tiers';
import type { Copies } from './request.ts';

/**
 * What each tier promises unless a policy says other numbers.
 *
 * @example
 * ```ts
 * import { tiers } from '@holdfast/pinning';
 *
 * console.log(tiers.critical.min, tiers.critical.regions); // prints: 5 3
 * ```
 */
export const tiers: Readonly<Record<Tier, Copies>> = {
  critical: { ...defaultTiers.critical, spread: 'always' },
  important: { ...defaultTiers.important, spread: 'where-tagged' },
  standard: { ...defaultTiers.standard, spread: 'where-tagged' },
  ephemeral: { ...defaultTiers.ephemeral, spread: 'where-tagged' },
};

export type TierOverrides = Readonly<Partial<Record<Tier, Partial<Copies>>>>;

/**
 * The copies of a tier, with a policy's numbers over the defaults. Throws a RangeError on numbers that make no sense.
 *
 * @example
 * ```ts
 * import { copiesFor } from '@holdfast/pinning';
 *
 * const { min, max } = copiesFor('standard', { standard: { max: 4 } });
 * console.log(min, max); // prints: 2 4
 * ```
 */
export function copiesFor(tier: Tier, overrides: TierOverrides = {}): Copies {
  const defaults = Object.hasOwn(tiers, tier) ? tiers[tier] : undefined;
  if (defaults === undefined) {
    throw new RangeError(`tier expected one of ${Object.keys(tiers).join(', ')}, got "${tier}"`);
  }
  const copies = { ...defaults, ...overrides[tier] };
  assertCopies(copies, `tier ${tier}`);
  return copies;
}

/** `what` begins the message, so that it names the tier or request at fault. */
export function assertCopies(copies: Copies, what: string): void {
  const { min, max, regions } = copies;
  for (const [name, value, least] of [
    ['min', min, 1],
    ['max', max, 1],
    ['regions', regions, 0],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`${what}: ${name} expected a whole number of at least ${least}, got ${value}`);
    }
  }
  if (max < min) throw new RangeError(`${what}: max expected at least min (${min}), got ${max}`);
  if (regions > max) {
    throw new RangeError(
      `${what}: regions expected at most max (${max}), since each region needs a copy; got ${regions}`,
    );
  }
}
