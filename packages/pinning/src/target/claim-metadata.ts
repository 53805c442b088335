import type { ExistingPin } from './pin-state.ts';

/** Numbers a reference asks for; -1 is «everywhere», a target's own convention for pins made by hand. */
export interface Numbers {
  readonly min: number;
  readonly max: number;
  readonly regions: number;
}

/** One wish that a pin answers. A pin lives as long as any reference to it. */
export interface Reference extends Numbers {
  readonly owner: string;
  readonly id: string;
  readonly expires?: string;
}

/** The owners of a pin, separated by spaces: what people and `--metadata` filters look at. */
export const ownerKey = 'holdfast-repo';
/** JSON: owner → id → `min/max/regions` or `min/max/regions/expires`. */
export const referencesKey = 'holdfast-ids';
/** Stands for whoever made a pin before any Holdfast repository joined it. */
export const priorMaker = '*';

const entry = /^(-1|\d{1,6})\/(-1|\d{1,6})\/(\d{1,6})(?:\/(.+))?$/;

/** Whether the time that it was wanted for is over. */
export function hasEnded({ expires }: Reference, now: number): boolean {
  return expires !== undefined && Date.parse(expires) <= now;
}

/** Who wants this pin, as its metadata says; nobody we know of when it was not made by Holdfast. */
export function readReferences(pin: ExistingPin): Reference[] {
  const owners = (pin.metadata[ownerKey] ?? '').split(' ').filter((owner) => owner !== '');
  if (owners.length === 0) return [];
  const references = parse(pin.metadata[referencesKey]);
  // An owner whose wishes cannot be read still holds the pin as it is: losing a note must not lose data.
  for (const owner of owners) {
    if (!references.some((reference) => reference.owner === owner)) references.push(asItIs(pin, owner));
  }
  return references;
}

/** Whether this owner is among those who want a pin. */
export function isOwn(pin: ExistingPin | undefined, owner: string): boolean {
  return pin !== undefined && readReferences(pin).some((reference) => reference.owner === owner);
}

/** A reference to the pin as it stands, for an owner who left no numbers. */
export function asItIs(pin: ExistingPin, owner: string): Reference {
  const { min, max, expires } = pin;
  return { owner, id: '', min, max, regions: 0, ...(expires !== undefined && { expires }) };
}

/** The metadata that says who wants a pin; empty when only the prior maker is left. */
export function writeReferences(references: readonly Reference[]): Record<string, string> {
  const owners: string[] = [];
  const byOwner: Record<string, Record<string, string>> = {};
  for (const reference of references.length > 1 ? [...references].sort(byOwnerAndId) : references) {
    const { owner, id } = reference;
    let ids = Object.hasOwn(byOwner, owner) ? byOwner[owner] : undefined;
    if (ids === undefined) {
      ids = {};
      byOwner[owner] = ids;
      if (owner !== priorMaker) owners.push(owner);
    }
    ids[id] = numbersOf(reference);
  }
  if (owners.length === 0) return {};
  return { [ownerKey]: owners.join(' '), [referencesKey]: JSON.stringify(byOwner) };
}

function byOwnerAndId(a: Reference, b: Reference): number {
  if (a.owner !== b.owner) return a.owner < b.owner ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** What satisfies every reference at once. */
export function combine(references: readonly Reference[]): Numbers & { readonly expires?: string } {
  const [only] = references;
  if (references.length === 1 && only !== undefined && only.max !== -1) return only;
  const everywhere = references.some((reference) => reference.max === -1);
  const highest = (key: 'min' | 'max' | 'regions') =>
    Math.max(...references.map((reference) => reference[key]));
  const expires = latest(references.map((reference) => reference.expires));
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

function numbersOf({ min, max, regions, expires }: Reference): string {
  return `${min}/${max}/${regions}${expires === undefined ? '' : `/${expires}`}`;
}

function parse(text: string | undefined): Reference[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return [];
  }
  const references: Reference[] = [];
  for (const [owner, ids] of entries(value)) {
    for (const [id, numbers] of entries(ids)) {
      const match = entry.exec(String(numbers));
      if (match === null) continue;
      const [, min, max, regions, expires] = match;
      references.push({
        owner,
        id,
        min: Number(min),
        max: Number(max),
        regions: Number(regions),
        ...(expires !== undefined && !Number.isNaN(Date.parse(expires)) && { expires }),
      });
    }
  }
  return references;
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
