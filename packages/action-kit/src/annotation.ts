import type { Runner } from './runner.ts';

/** One remark at a place in a file. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** GitHub shows so many of each level a step, and drops the rest without a word. */
const shownByGitHub = 10;

/** At most ten of a level, the last of them saying how many there are and where they all stand. Tells what did not fit. */
export function annotate(
  runner: Runner,
  annotations: readonly Annotation[],
  where: string,
): readonly Annotation[] {
  const left: Annotation[] = [];
  for (const level of ['error', 'warning', 'notice'] as const) {
    const all = annotations.filter((annotation) => annotation.level === level);
    const fits = all.length <= shownByGitHub;
    for (const annotation of fits ? all : all.slice(0, shownByGitHub - 1)) emit(runner, annotation);
    if (fits) continue;
    const more = all.length - shownByGitHub + 1;
    left.push(...all.slice(shownByGitHub - 1));
    runner.command(
      level,
      { title: `${more} more` },
      `${more} more of this kind: GitHub shows ${shownByGitHub} here. All ${all.length} are in ${where}`,
    );
  }
  return left;
}

function emit(runner: Runner, { level, file, line, column, title, message }: Annotation): void {
  runner.command(level, { file, line, col: column, title }, message);
}

export function exceedsLog(annotations: readonly Annotation[]): boolean {
  return (['error', 'warning', 'notice'] as const).some(
    (level) => annotations.filter((annotation) => annotation.level === level).length > shownByGitHub,
  );
}
