import { rootFromFiles } from '@holdfast/content/root';
import { type Problem, proveFiles, readManifest } from '@holdfast/manifest';

/** Everything that can be said against a manifest from its bytes alone: its form, and whether its list makes its root. */
export function manifestProblems(file: string, text: string): readonly Problem[] {
  const read = readManifest(new TextEncoder().encode(text), { file });
  if (!read.ok) return read.problems;
  return [...read.problems, ...placed(proveFiles(read.manifest.dataset, rootFromFiles), file, read.locate)];
}

/** Problems found in a value, at their place in its file. */
export function placed(
  problems: readonly Problem[],
  file: string,
  locate: (pointer: string) => { line: number; column: number },
): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, file, ...locate(problem.path) }));
}
