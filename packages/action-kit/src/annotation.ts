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

const levels = ['error', 'warning', 'notice'] as const;
/** GitHub shows so many of each level in a step, and drops the rest silently. */
const shownByGitHub = 10;

/** At most ten of a level. Where there are more, the last one says how many, and `where` all of them are. */
export function annotate(runner: Runner, annotations: readonly Annotation[], where: string): void {
  for (const level of levels) {
    const all = annotations.filter((annotation) => annotation.level === level);
    const fits = all.length <= shownByGitHub;
    for (const { message, ...place } of fits ? all : all.slice(0, shownByGitHub - 1))
      runner.annotate(level, message, place);
    if (fits) continue;
    const more = all.length - shownByGitHub + 1;
    runner.annotate(
      level,
      `${more} more of this kind: GitHub shows ${shownByGitHub} here. All ${all.length} are in ${where}`,
      { title: `${more} more` },
    );
  }
}

export function exceedsLog(annotations: readonly Annotation[]): boolean {
  return levels.some((one) => annotations.filter(({ level }) => level === one).length > shownByGitHub);
}
