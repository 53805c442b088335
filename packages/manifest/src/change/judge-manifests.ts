import type { Trust } from '../trust/trust.ts';
import type { Change, ChangeOptions } from './change.ts';
import { inOrder } from './in-order.ts';
import { ManifestChecker } from './manifest-checker.ts';
import { type ManifestFile, ManifestIndex } from './manifest-index.ts';

export type JudgeOptions = Pick<
  ChangeOptions,
  'at' | 'rootFromFiles' | 'createRootBuilder' | 'findList' | 'repository' | 'maxBytes'
>;

/** Judges manifests without a change: form, proof, signatures, and no version twice. */
export async function judgeManifests(
  files: readonly ManifestFile[],
  trust: Trust,
  options: JudgeOptions,
): Promise<Change[]> {
  const checker = new ManifestChecker([], new ManifestIndex(files), trust, options);
  const changes: Change[] = [];
  for await (const change of inOrder(files, (file) => checker.checkUnchanged(file, options.at)))
    changes.push(change);
  return changes;
}
