import type { Change, Problem } from '@holdfast/manifest';
import type { PlannedStep, TrustExplanation } from '@holdfast/manifest/internal';
import type { DataChange } from './data-change.ts';

/** What a run found, as a value. The log, the page, the outputs and the SARIF file are made from it. */
export interface Report {
  readonly valid: boolean;
  readonly strict: boolean;
  /** Nothing was proposed: every manifest was checked. */
  readonly all: boolean;
  readonly base?: string;
  readonly head?: string;
  /** Manifests in the repository. */
  readonly manifests: number;
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
  /** Who may sign before and after, where keys or policy change. */
  readonly trustChange?: TrustExplanation;
  /** What becomes of the files of each dataset. */
  readonly data: readonly DataChange[];
  readonly plan: readonly PlannedStep[];
  /** What a person should know about how this was checked. */
  readonly notes: readonly string[];
}

/** Changes of manifests that were checked, without keys, policy and deleted files. */
export function checkedManifests({ changes }: Report): readonly Change[] {
  return changes.filter(({ kind }) => kind !== 'keys' && kind !== 'policy' && kind !== 'delete');
}

export function nameOf({ after, before, path }: Change): string {
  return (after ?? before)?.manifest.dataset.name ?? path;
}

export function versionOf({ after, before }: Change): string {
  return (after ?? before)?.manifest.dataset.version ?? '';
}

export function isValid({ problems }: Change, strict: boolean): boolean {
  return !problems.some(({ severity }) => strict || severity === 'error');
}

export function tally(problems: readonly Problem[]): { readonly errors: number; readonly warnings: number } {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: problems.length - errors };
}
