import { type ChangesReport, type Repository, readSnapshot, visitBlobs } from '@holdfast/repository';

/** The texts of the manifests that problems point into, for excerpts. */
export async function problemTexts(
  repository: Repository,
  report: ChangesReport,
  publicKeys: string,
): Promise<ReadonlyMap<string, string>> {
  const named = new Set(report.problems.map((problem) => problem.file));
  const snapshot = await readSnapshot(repository, report.head, { publicKeys });
  const files = snapshot.manifests.filter((file) => named.has(file.path) && file.size <= 1_048_576);
  const texts = new Map<string, string>();
  await visitBlobs(repository, files, ({ path }, bytes) => texts.set(path, new TextDecoder().decode(bytes)));
  return texts;
}
