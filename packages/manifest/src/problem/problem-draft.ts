import { type ProblemCode, problemCatalogue } from './catalogue.ts';
import type { Problem } from './problem.ts';

/** A problem without its location. */
export interface ProblemDraft {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
}

export interface ProblemLocation {
  readonly file?: string | undefined;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A complete problem: the catalogue gives the severity, and the hint if there is no better one. */
export function problem(draft: ProblemDraft, place: ProblemLocation = {}): Problem {
  const { severity, fix } = problemCatalogue[draft.code];
  return {
    code: draft.code,
    severity,
    message: draft.message,
    ...(place.file === undefined ? {} : { file: place.file }),
    path: place.path ?? '',
    line: place.line ?? 1,
    column: place.column ?? 1,
    hint: draft.hint ?? fix,
  };
}

/** The same problem as a warning. */
export function asWarning(found: Problem): Problem {
  return { ...found, severity: 'warning' };
}

/**
 * Whether any of the problems is an error, and not a warning.
 *
 * @example
 * ```ts
 * hasErrors(read.problems); // => false
 * ```
 */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((found) => found.severity === 'error');
}
