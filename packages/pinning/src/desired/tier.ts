import type { Copies } from './request.ts';

export type Tier = 'critical' | 'important' | 'standard' | 'ephemeral';

/** What each tier promises unless a policy says other numbers. */
export const tiers: Readonly<Record<Tier, Copies>> = {
  critical: { min: 5, max: 7, regions: 3, spread: 'always' },
  important: { min: 3, max: 5, regions: 2, spread: 'where-tagged' },
  standard: { min: 2, max: 3, regions: 0, spread: 'where-tagged' },
  ephemeral: { min: 1, max: 1, regions: 0, spread: 'where-tagged' },
};

export type TierOverrides = Readonly<Partial<Record<Tier, Partial<Copies>>>>;

/** The copies of a tier, with a policy's numbers over the defaults. Throws a RangeError on numbers that make no sense. */
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
