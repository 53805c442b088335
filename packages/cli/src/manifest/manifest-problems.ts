import { rootFromFiles } from '@holdfast/content/root';
import { type Problem, proveFiles, readManifest } from '@holdfast/manifest';

/** All problems of a manifest that its bytes show: its form, and whether the files that it lists itself make up its root. */
export function manifestProblems(file: string, text: string): readonly Problem[] {
  const read = readManifest(new TextEncoder().encode(text), { file });
  if (!read.ok) return read.problems;
  const { dataset } = read.manifest;
  if (dataset.files === undefined) return read.problems;
  return [...read.problems, ...proveFiles(dataset, rootFromFiles)];
}
