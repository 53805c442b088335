import { rootFromFiles } from '@holdfast/content/root';
import { type Problem, proveFiles, readManifest } from '@holdfast/manifest';

/** All problems of a manifest that its bytes show: its form, and whether its files make up its root. */
export function manifestProblems(file: string, text: string): readonly Problem[] {
  const read = readManifest(new TextEncoder().encode(text), { file });
  if (!read.ok) return read.problems;
  return [...read.problems, ...proveFiles(read.manifest.dataset, rootFromFiles)];
}
