import type { GitFiles, TestRepository } from '@holdfast/testkit';
import { type ChangesReport, type CheckOptions, checkChanges, openRepository } from '../src/index.ts';

/** Commits files on top of the base and checks what changed. */
export async function checkProposal(
  origin: TestRepository,
  base: string,
  files: GitFiles,
  options: Partial<CheckOptions> = {},
): Promise<ChangesReport> {
  await origin.git('checkout', '--quiet', '--detach', '--force', base);
  await origin.write(files);
  const head = await origin.commit('change');
  await using repository = await openRepository(origin.path);
  return await checkChanges(repository, { base, head, at: new Date('2026-02-01'), ...options });
}
