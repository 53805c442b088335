import type { ExistingPin } from './pin-state.ts';

/** Numbers a claim asks for; -1 is "everywhere", a target's own convention for pins made by hand. */
export interface Numbers {
  readonly min: number;
  readonly max: number;
  readonly regions: number;
}

/** One request that a pin answers. A pin lives as long as any claim to it. */
export interface Claim extends Numbers {
  readonly owner: string;
  readonly id: string;
  readonly expires?: string;
  /** The phase of a rollout that it stands in; absent once it stands everywhere. */
  readonly phase?: string;
}

/** The owners of a pin, separated by spaces: what people and `--metadata` filters look at. */
export const ownerKey = 'holdfast-repo';
/** JSON: owner → id → `min/max/regions`, then `/expires` and `/phase` where it has them; `//phase` without an end. */
export const claimsKey = 'holdfast-ids';

const entry = /^(-1|\d{1,6})\/(-1|\d{1,6})\/(\d{1,6})(?:\/([^/]*))?(?:\/([^/]+))?$/;

/** Whether the time that it was wanted for is over. */
export function hasEnded({ expires }: Claim, now: number): boolean {
  return expires !== undefined && Date.parse(expires) <= now;
}

/** Who wants this pin, as its metadata says; nobody we know of when it was not made by Holdfast. */
export function readClaims(pin: ExistingPin): Claim[] {
  const owners = (pin.metadata[ownerKey] ?? '').split(' ').filter((owner) => owner !== '');
  if (owners.length === 0) return [];
  const claims = parse(pin.metadata[claimsKey]);
  // An owner whose claims cannot be read still holds the pin as it is: losing a note must not lose data.
  for (const owner of owners) {
    if (!claims.some((claim) => claim.owner === owner)) claims.push(asItIs(pin, owner));
  }
  return claims;
}

/** Whether this owner is among those who want a pin. */
export function isOwn(pin: ExistingPin | undefined, owner: string): boolean {
  return pin !== undefined && readClaims(pin).some((claim) => claim.owner === owner);
}

/** A claim to the pin as it stands, for an owner who left no numbers. */
function asItIs(pin: ExistingPin, owner: string): Claim {
  const { min, max, expires } = pin;
  return { owner, id: '', min, max, regions: 0, ...(expires !== undefined && { expires }) };
}

/** The metadata that says who wants a pin. */
export function writeClaims(claims: readonly Claim[]): Record<string, string> {
  const owners: string[] = [];
  const byOwner: Record<string, Record<string, string>> = {};
  for (const claim of claims.length > 1 ? [...claims].sort(byOwnerAndId) : claims) {
    const { owner, id } = claim;
    let ids = Object.hasOwn(byOwner, owner) ? byOwner[owner] : undefined;
    if (ids === undefined) {
      ids = {};
      byOwner[owner] = ids;
      owners.push(owner);
    }
    ids[id] = numbersOf(claim);
  }
  if (owners.length === 0) return {};
  return { [ownerKey]: owners.join(' '), [claimsKey]: JSON.stringify(byOwner) };
}

function byOwnerAndId(a: Claim, b: Claim): number {
  if (a.owner !== b.owner) return a.owner < b.owner ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** What satisfies every claim at once. */
export function combine(claims: readonly Claim[]): Numbers & { readonly expires?: string } {
  const [only] = claims;
  if (claims.length === 1 && only !== undefined && only.max !== -1) return only;
  const everywhere = claims.some((claim) => claim.max === -1);
  const highest = (key: 'min' | 'max' | 'regions') => Math.max(...claims.map((claim) => claim[key]));
  const expires = latest(claims.map((claim) => claim.expires));
  return {
    min: everywhere ? -1 : highest('min'),
    max: everywhere ? -1 : highest('max'),
    regions: highest('regions'),
    ...(expires !== undefined && { expires }),
  };
}

/** The latest of several ends; no end at all beats any. */
function latest(ends: readonly (string | undefined)[]): string | undefined {
  let last: string | undefined;
  for (const end of ends) {
    if (end === undefined) return undefined;
    if (last === undefined || Date.parse(end) > Date.parse(last)) last = end;
  }
  return last;
}

function numbersOf({ min, max, regions, expires, phase }: Claim): string {
  const end = expires === undefined && phase === undefined ? '' : `/${expires ?? ''}`;
  return `${min}/${max}/${regions}${end}${phase === undefined ? '' : `/${phase}`}`;
}

function parse(text: string | undefined): Claim[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return [];
  }
  const claims: Claim[] = [];
  for (const [owner, ids] of entries(value)) {
    for (const [id, numbers] of entries(ids)) {
      const match = entry.exec(String(numbers));
      if (match === null) continue;
      const [, min, max, regions, expires, phase] = match;
      claims.push({
        owner,
        id,
        min: Number(min),
        max: Number(max),
        regions: Number(regions),
        ...(expires !== undefined && !Number.isNaN(Date.parse(expires)) && { expires }),
        ...(phase !== undefined && { phase }),
      });
    }
  }
  return claims;
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
