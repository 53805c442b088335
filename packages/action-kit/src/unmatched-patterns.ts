import type { ChangesReport } from '@holdfast/repository';

/** Right for a new repository; else patterns that are wrong would pass everything, and pin nothing, without a word. */
export function unmatchedPatterns(
  { manifests, changes }: Pick<ChangesReport, 'manifests' | 'changes'>,
  patterns: readonly string[],
): readonly string[] {
  if (manifests > 0 || changes.length > 0) return [];
  const named = patterns.map((pattern) => `\`${pattern}\``).join(', ');
  return [`no file of the repository matches the input \`manifests\`: ${named}`];
}
