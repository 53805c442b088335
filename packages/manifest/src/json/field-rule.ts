import * as z from 'zod/mini';
import type { ProblemCode } from '../problem/catalogue.ts';
import type { ProblemDraft } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';

/** What the JSON Schema says about a field besides its type. Not in zod's global registry, and not used when parsing. */
export const fieldNotes = z.registry<Record<string, unknown>>();

export function noted<T extends z.core.$ZodType>(schema: T, note: Record<string, unknown>): T {
  fieldNotes.add(schema, note);
  return schema;
}

type RuleDraft = { message: string; hint?: string; code?: ProblemCode };

const rules = new WeakMap<z.core.$ZodCheck, (value: unknown) => RuleDraft | undefined>();

/** The function inside a check made by `rule`. */
export function ruleOf(check: z.core.$ZodCheck): ((value: unknown) => RuleDraft | undefined) | undefined {
  return rules.get(check);
}

/** A zod check that keeps the problem's own code and hint for the problem made of it. */
export function rule<T>(draftOf: (value: T) => RuleDraft | undefined): z.core.$ZodCheck<T> {
  const check = z.check<T>(({ value, issues }) => {
    const draft = draftOf(value);
    if (draft === undefined) return;
    issues.push({ code: 'custom', input: value, path: [], message: draft.message, params: { ...draft } });
  });
  rules.set(check, draftOf as (value: unknown) => RuleDraft | undefined);
  return check;
}

interface TextRule {
  readonly pattern: string;
  readonly max?: number;
  /** Completes "expected …". */
  readonly expected: string;
  readonly description: string;
  readonly examples?: readonly string[];
  /** What a pattern cannot express. */
  readonly accepts?: (text: string) => boolean;
}

/** A string with a pattern, which the JSON Schema shows too, and a message in words. */
export function textField({ pattern, max = 2048, expected, description, examples, accepts }: TextRule) {
  const expression = new RegExp(pattern);
  const matches = accepts ?? ((text: string) => expression.test(text));
  const check = rule<string>((text) =>
    text.length <= max && matches(text) ? undefined : { message: `expected ${expected}, got ${show(text)}` },
  );
  const note = { pattern, maxLength: max, description, ...(examples && { examples: [...examples] }) };
  return noted(z.string().check(check), note);
}

/** A string whose rule is a function with problems of its own. */
export function ruledField(
  draftOf: (text: string) => ProblemDraft | undefined,
  note: Record<string, unknown>,
) {
  return noted(z.string().check(rule(draftOf)), note);
}

// The JSON Schema has what every dialect of regular expressions can express; the code has the whole rule.
const linePattern = '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$';
const prose = /^[^\p{Cc}\p{Bidi_Control}]*$/u;

/** One line of text for people: not empty, without control or bidirectional characters. */
export function lineField(description: string, max = 500) {
  const accepts = (text: string) => text.trim() !== '' && prose.test(text);
  return textField({ pattern: linePattern, max, expected: 'a line of text', description, accepts });
}

/** Text for people, of one or more lines. */
export function proseField(description: string, max = 10_000) {
  const pattern = '\\S';
  const accepts = (text: string) => text.trim() !== '' && prose.test(text.replaceAll(/[\n\t]/g, ''));
  return textField({ pattern, max, expected: 'text without control characters', description, accepts });
}

/** An integer that every reader reads as the same number. */
export function integerField(minimum: number, description: string) {
  const max = Number.MAX_SAFE_INTEGER;
  const check = rule<number>((value) =>
    Number.isSafeInteger(value) && value >= minimum && !Object.is(value, -0)
      ? undefined
      : {
          message: `expected an integer from ${minimum} to ${max}, got ${Object.is(value, -0) ? '-0' : value}`,
        },
  );
  return noted(z.number().check(check), { type: 'integer', minimum, maximum: max, description });
}

const webPattern = '^https?://[^\\s/?#]+[^\\s]*$';
const webAddress = /^https?:\/\/[^\s/?#]+[^\s]*$/;

export function webField(description: string) {
  const accepts = (text: string) => webAddress.test(text) && !/[^\x21-\x7e]/.test(text) && URL.canParse(text);
  return textField({ pattern: webPattern, expected: 'an http or https address', description, accepts });
}

export function list<T extends z.core.SomeType>(item: T, max: number, description: string, min = 1) {
  const check = rule<unknown[]>((items) =>
    items.length >= min && items.length <= max
      ? undefined
      : { message: `expected from ${min} to ${max} entries, got ${items.length}` },
  );
  return noted(z.array(item).check(check), { description, minItems: min, maxItems: max });
}
