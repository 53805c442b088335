import type { Problem, TrustFile } from '@holdfast/manifest';
import { tooLarge } from '@holdfast/manifest/internal';
import type { ObjectSource } from '../objects/object-source.ts';
import { visitBlobs } from './blob-reader.ts';
import type { Snapshot } from './snapshot.ts';

const maxBytes = 1 << 20;

export interface TrustFiles {
  readonly files: readonly TrustFile[];
  readonly problems: readonly Problem[];
}

/**
 * The keys and policy of a snapshot. A file that cannot be read becomes an empty one, which is neither a key nor a policy:
 * then nobody is trusted. Without it, trust would have fewer rules.
 */
export async function readTrustFiles(
  source: ObjectSource,
  { trustFiles }: Snapshot,
  folder: string,
): Promise<TrustFiles> {
  const files: TrustFile[] = [];
  const problems: Problem[] = [];
  const readable = trustFiles.filter(({ unreadable, size }) => !unreadable && size <= maxBytes);
  for (const file of trustFiles) {
    if (readable.includes(file)) continue;
    files.push({ path: file.path, bytes: new Uint8Array() });
    if (file.unreadable) continue;
    problems.push(tooLarge(file.size, maxBytes, `${folder}/${file.path}`));
  }
  await visitBlobs(source, readable, ({ path }, bytes) => files.push({ path, bytes }));
  return { files, problems };
}
