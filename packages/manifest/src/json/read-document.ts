import type * as z from 'zod/mini';
import type { Problem } from '../problem/problem.ts';
import { hasErrors, problem } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';
import { decodeText } from './decode-text.ts';
import { pathOf, pointerOf } from './pointer.ts';
import { countMembers, type JsonScan, scanJson } from './scan-json.ts';
import { type Area, type PlacedDraft, schemaProblems } from './schema-drafts.ts';
import { type SourceLocation, SourceLocations, type SyntaxProblem } from './source-locations.ts';
import { prototypeProblems, surrogateProblems } from './string-drafts.ts';

export interface DocumentKind {
  readonly area: Area;
  readonly schema: z.ZodMiniType;
  /** True only for what the schema accepts. */
  readonly accepts: (value: unknown) => boolean;
  /** Rules that the schema cannot express. They also run after the schema found problems, so the value may have any shape. */
  readonly rules: (value: unknown) => readonly PlacedDraft[];
}

export interface ReadManifestOptions {
  /** Larger files are refused without being parsed. Default: 1 MiB. */
  readonly maxBytes?: number | undefined;
  /** The path that problems name. */
  readonly file?: string | undefined;
}

export type Document<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly problems: readonly Problem[];
      locate(pointer: string): SourceLocation;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const defaultMaxBytes = 1024 * 1024;
const maxDepth = 32;
const maxProblems = 1000;

/** The only way from bytes to a manifest or policy: every reader sees the same document or none. */
export function readDocument<T>(
  bytes: Uint8Array,
  kind: DocumentKind,
  options: ReadManifestOptions = {},
): Document<T> {
  const { file, maxBytes = defaultMaxBytes } = options;
  if (bytes.length > maxBytes) return { ok: false, problems: [tooLarge(bytes.length, maxBytes, file)] };
  const decoded = decodeText(bytes);
  if (!decoded.ok) {
    const { reason, line, column } = decoded;
    const message =
      reason === 'not-utf-8' ? 'a byte here is not UTF-8' : 'the file begins with a byte order mark';
    return { ok: false, problems: [problem({ code: `json/${reason}`, message }, { file, line, column })] };
  }
  const { text } = decoded;
  const scan = scanJson(text, maxDepth);
  if (scan.tooDeepAt !== undefined) {
    const before = text.slice(0, scan.tooDeepAt);
    const location = { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
    const message = `expected at most ${maxDepth} levels of objects and arrays, got more`;
    return { ok: false, problems: [problem({ code: 'json/too-deep', message }, { file, ...location })] };
  }
  const value = parseJson(text);
  if (value === undefined) return { ok: false, problems: syntaxProblems(text, file) };
  return judge(text, value, scan, kind, file);
}

export function tooLarge(size: number, maxBytes: number, file: string | undefined): Problem {
  return problem(
    { code: 'json/too-large', message: `expected at most ${maxBytes} bytes, got ${size}` },
    { file },
  );
}

function judge<T>(
  text: string,
  value: unknown,
  scan: JsonScan,
  kind: DocumentKind,
  file: string | undefined,
): Document<T> {
  let known: SourceLocations | undefined;
  const locations = () => {
    known ??= new SourceLocations(text);
    return known;
  };
  const drafts = [...valueProblems(text, value, kind), ...kind.rules(value)];
  const problems = drafts.slice(0, maxProblems).map((draft) => {
    const at =
      draft.key === undefined
        ? locations().find(draft.path)
        : locations().findKey(draft.path.slice(0, -1), draft.key);
    return problem(draft, { file, path: pointerOf(draft.path), ...at });
  });
  if (scan.members !== countMembers(value)) problems.unshift(...duplicateProblems(locations(), file));
  if (scan.oddNumbers) problems.push(...numberProblems(locations(), file));
  if (drafts.length > maxProblems)
    problems.push(problem(moreProblems(drafts.length - maxProblems), { file }));
  if (hasErrors(problems)) return { ok: false, problems };
  return { ok: true, value: value as T, problems, locate: (pointer) => locations().find(pathOf(pointer)) };
}

/** Checks the shape, and strings that are not text. The value stays as it was written. */
function valueProblems(text: string, value: unknown, kind: DocumentKind): PlacedDraft[] {
  const escapes = text.includes('\\');
  const surrogates = escapes ? surrogateProblems(value, []) : [];
  if (kind.accepts(value)) return surrogates;
  const prototypes = escapes || text.includes('__proto__') ? prototypeProblems(value, [], kind.area) : [];
  return [...surrogates, ...schemaProblemsOf(value, kind), ...prototypes];
}

function schemaProblemsOf(value: unknown, kind: DocumentKind): readonly PlacedDraft[] {
  try {
    const parsed = kind.schema.safeParse(value);
    return parsed.success ? [] : schemaProblems(kind.area, kind.schema, parsed.error.issues, value);
  } catch (cause) {
    // zod passes its issues as arguments of a call, and about 100,000 overflow the stack: then only the first of each list count.
    if (!(cause instanceof RangeError)) throw cause;
    const parsed = kind.schema.safeParse(cutLists(value));
    const found = parsed.success ? [] : schemaProblems(kind.area, kind.schema, parsed.error.issues, value);
    return [...found, { ...moreProblems('countless'), path: [] }];
  }
}

function cutLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, maxProblems).map(cutLists);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cutLists(member)]));
}

/** No JSON text has the value undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function syntaxProblems(text: string, file: string | undefined): Problem[] {
  const unlike = unlikeJson(text);
  if (unlike !== undefined) return [problem({ code: 'json/syntax', ...unlike }, { file, ...unlike.place })];
  const drafts = findSyntaxProblems(text);
  if (drafts.length === 0)
    return [problem({ code: 'json/syntax', message: 'the text is not JSON' }, { file })];
  return drafts
    .slice(0, 20)
    .map(({ what, line, column }) =>
      problem({ code: 'json/syntax', message: `the text is not JSON: ${what}` }, { file, line, column }),
    );
}

/** Two mistakes for which a parser's own message does not help. */
function unlikeJson(text: string): { message: string; hint: string; place?: SourceLocation } | undefined {
  if (text.trim() === '')
    return { message: 'the file is empty', hint: 'put back what was in it, or remove the file' };
  const conflict = /^<{7} /m.exec(text);
  if (conflict === null) return undefined;
  const line = text.slice(0, conflict.index).split('\n').length;
  return {
    message: 'a merge conflict begins here',
    hint: 'holdfast merge FILE unites the signatures where both sides describe the same dataset, and says what differs otherwise',
    place: { line, column: 1 },
  };
}

function findSyntaxProblems(text: string): readonly SyntaxProblem[] {
  try {
    return new SourceLocations(text).findSyntaxProblems();
  } catch (cause) {
    // An open string ends at its line for this parser, and at the next quote for the scan: what the scan read as text may nest.
    if (!(cause instanceof RangeError)) throw cause;
    return [];
  }
}

function duplicateProblems(locations: SourceLocations, file: string | undefined): Problem[] {
  return locations
    .duplicateKeys()
    .slice(0, maxProblems)
    .map(({ key, path, first, line, column }) => {
      const message = `the key ${show(key)} stands here and at line ${first.line}, column ${first.column}`;
      return problem({ code: 'json/duplicate-key', message }, { file, path, line, column });
    });
}

function numberProblems(locations: SourceLocations, file: string | undefined): Problem[] {
  return locations
    .oddNumbers()
    .slice(0, maxProblems)
    .map(({ path, text, line, column }) => {
      const message = `expected an integer in plain digits, got ${show(text).slice(1, -1)}`;
      return problem({ code: 'json/number-form', message }, { file, path, line, column });
    });
}

export function moreProblems(count: number | 'countless'): { code: 'json/more-problems'; message: string } {
  return { code: 'json/more-problems', message: `${count} more problems are not listed` };
}
