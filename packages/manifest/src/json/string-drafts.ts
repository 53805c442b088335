import { show } from '../text/display.ts';
import type { Area, JsonPath, PlacedDraft } from './schema-drafts.ts';

/** Strings and keys with half of a surrogate pair. Only a text with a backslash can have one. */
export function surrogateProblems(value: unknown, path: JsonPath): PlacedDraft[] {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return [];
    return [{ code: 'json/lone-surrogate', message: `${show(value)} has half of a surrogate pair`, path }];
  }
  return membersOf(value).flatMap(([key, member]) => {
    const at = [...path, key];
    const below = surrogateProblems(member, at);
    if (typeof key === 'number' || key.isWellFormed()) return below;
    const message = `the key ${show(key)} has half of a surrogate pair`;
    return [{ code: 'json/lone-surrogate', message, path: at, key }, ...below];
  });
}

/** zod ignores `__proto__`; here it is an unknown key like any other. */
export function prototypeProblems(value: unknown, path: JsonPath, area: Area): PlacedDraft[] {
  return membersOf(value).flatMap(([key, member]): PlacedDraft[] => {
    const at = [...path, key];
    if (key !== '__proto__') return prototypeProblems(member, at, area);
    return [{ code: `${area}/unknown-field`, message: 'there is no field "__proto__"', path: at, key }];
  });
}

function membersOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item] as const)
    : Object.entries(value);
}
