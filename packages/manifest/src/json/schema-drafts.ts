import type * as z from 'zod/mini';
import type { ProblemCode } from '../problem/catalogue.ts';
import type { ProblemDraft } from '../problem/problem-draft.ts';
import { nameType, show } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import { fieldNotes } from './field-rule.ts';

export type JsonPath = readonly (string | number)[];

/** A problem and the value it is about; `key` if it is about a member's name. */
export interface PlacedDraft extends ProblemDraft {
  readonly path: JsonPath;
  readonly key?: string;
}

export type Area = 'manifest' | 'policy' | 'targets';
type Schema = z.core.$ZodType;

/** The most keys that get a "did you mean": for 100,000 unknown keys it would take seconds, and nobody reads so many hints. */
const maxGuesses = 1000;

/** Turns zod's issues into problems of this package: one for each issue and each unknown key. */
export function schemaProblems(
  area: Area,
  schema: Schema,
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
): PlacedDraft[] {
  let guesses = 0;
  return issues.flatMap((issue) => {
    const path = issue.path as JsonPath;
    const found = valueAt(value, path);
    switch (issue.code) {
      case 'unrecognized_keys': {
        const known = knownKeys(schemaAt(schema, path));
        return issue.keys.map((key) => unknownField(area, guesses++ < maxGuesses ? known : [], path, key));
      }
      case 'invalid_type':
        return [
          found === undefined
            ? missingField(area, schema, path)
            : wrongType(area, path, issue.expected, found),
        ];
      case 'invalid_value':
        if (found === undefined) return [missingField(area, schema, path)];
        return [{ ...oneOf(area, issue.values, found), path }];
      case 'invalid_key':
        return [{ ...keyProblem(area, issue.issues), path: path.slice(0, -1), key: String(path.at(-1)) }];
      case 'custom':
        return [{ ...customProblem(area, issue), path }];
      default:
        return [
          { code: `${area}/invalid-value` as const, message: `${fieldName(path)}: ${issue.message}`, path },
        ];
    }
  });
}

function unknownField(area: Area, known: readonly string[], path: JsonPath, key: string): PlacedDraft {
  const near = nearest(key, known);
  const where = path.length === 0 ? 'the document' : fieldName(path);
  return {
    code: `${area}/unknown-field`,
    message: `${where} has no field ${show(key)}`,
    ...(near !== undefined && { hint: `did you mean ${show(near)}?` }),
    path: [...path, key],
    key,
  };
}

function missingField(area: Area, schema: Schema, path: JsonPath): PlacedDraft {
  const description = descriptionOf(schemaAt(schema, path));
  const message = `${fieldName(path)} is missing`;
  return {
    code: `${area}/missing-field`,
    message,
    ...(description && { hint: `add ${show(String(path.at(-1)))} (${description})` }),
    path,
  };
}

function wrongType(area: Area, path: JsonPath, expected: string, found: unknown): PlacedDraft {
  const wanted = expected === 'record' ? 'object' : expected === 'int' ? 'integer' : expected;
  const article = /^[aeiou]/.test(wanted) ? 'an' : 'a';
  const message = `${fieldName(path)}: expected ${article} ${wanted}, got ${nameType(found)}`;
  return { code: `${area}/wrong-type`, message, path };
}

function oneOf(area: Area, values: readonly unknown[], found: unknown): ProblemDraft {
  const near = typeof found === 'string' ? nearest(found, values.map(String)) : undefined;
  const message = `expected one of ${values.join(', ')}, got ${show(found)}`;
  return {
    code: `${area}/invalid-value`,
    message,
    ...(near !== undefined && { hint: `did you mean ${show(near)}?` }),
  };
}

function keyProblem(area: Area, issues: readonly z.core.$ZodIssue[]): ProblemDraft {
  const custom = issues.find((issue) => issue.code === 'custom');
  return custom === undefined
    ? { code: `${area}/invalid-value`, message: 'the key is not accepted' }
    : customProblem(area, custom);
}

function customProblem(area: Area, issue: z.core.$ZodIssueCustom): ProblemDraft {
  const hint = issue.params?.hint;
  return {
    code: (issue.params?.code as ProblemCode | undefined) ?? `${area}/invalid-value`,
    message: issue.message,
    ...(typeof hint === 'string' && { hint }),
  };
}

/** `files[3].size`, for a message. */
export function fieldName(path: JsonPath): string {
  const name = path.map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`)).join('');
  return name === '' ? 'the document' : show(name.replace(/^\./, ''), 120).slice(1, -1);
}

/** Own members only: what the prototype has is not there. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  let found = value;
  for (const segment of path) found = memberOf(found, segment);
  return found;
}

/** One step of the same; called for every file. */
export function memberOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

interface SchemaDef {
  readonly type: string;
  readonly shape?: Record<string, Schema>;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly innerType?: Schema;
}

function schemaAt(schema: Schema, path: JsonPath): Schema | undefined {
  let found: Schema | undefined = unwrap(schema);
  for (const segment of path) {
    const def: SchemaDef | undefined = found && (found._zod.def as SchemaDef);
    const next: Schema | undefined = def?.shape?.[String(segment)] ?? def?.element ?? def?.valueType;
    found = next && unwrap(next);
  }
  return found;
}

function unwrap(schema: Schema): Schema {
  const inner = (schema._zod.def as SchemaDef).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

function knownKeys(schema: Schema | undefined): readonly string[] {
  return Object.keys((schema?._zod.def as SchemaDef | undefined)?.shape ?? {});
}

function descriptionOf(schema: Schema | undefined): string | undefined {
  const description = schema && fieldNotes.get(schema)?.description;
  return typeof description === 'string' ? description : undefined;
}
