import type { ChangesReport } from '@holdfast/repository';

/** Normal for a new repository. Elsewhere the patterns are wrong, and would silently pass everything and pin nothing. */
export function unmatchedPatterns(
  { manifests, changes }: Pick<ChangesReport, 'manifests' | 'changes'>,
  patterns: readonly string[],
): readonly string[] {
  if (manifests > 0 || changes.length > 0) return [];
  const named = patterns.map((pattern) => `\`${pattern}\``).join(', ');
  return [`no file of the repository matches the input \`manifests\`: ${named}`];
}
