import { type ProblemCode, problemCatalogue } from './catalogue.ts';
import type { Problem } from './problem.ts';

/** A problem before its place is known. */
export interface Fault {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
}

export interface ProblemPlace {
  readonly file?: string | undefined;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A problem in full: the severity, and where there is no better hint the fix, are the catalogue's. */
export function problem(fault: Fault, place: ProblemPlace = {}): Problem {
  const { severity, fix } = problemCatalogue[fault.code];
  return {
    code: fault.code,
    severity,
    message: fault.message,
    ...(place.file === undefined ? {} : { file: place.file }),
    path: place.path ?? '',
    line: place.line ?? 1,
    column: place.column ?? 1,
    hint: fault.hint ?? fix,
  };
}

/** The same problem as a warning: it was answered otherwise. */
export function asWarning(found: Problem): Problem {
  return { ...found, severity: 'warning' };
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((found) => found.severity === 'error');
}
