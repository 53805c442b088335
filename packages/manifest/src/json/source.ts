import type { ProblemLocation } from '../problem/problem-draft.ts';
import type { SourceLocation } from './source-locations.ts';

export interface Source {
  readonly file: string | undefined;
  locate(pointer: string): SourceLocation;
}

const sources = new WeakMap<object, Source>();

/** Remembers where a signed value was read, so that later problems have a location. */
export function rememberSource(value: object, source: Source): void {
  sources.set(value, source);
}

/** The location of a JSON pointer in the file of a signed value; a value made in memory has none. */
export function locationOf(value: object, pointer: string): ProblemLocation {
  const source = sources.get(value);
  return { file: source?.file, path: pointer, ...source?.locate(pointer) };
}
