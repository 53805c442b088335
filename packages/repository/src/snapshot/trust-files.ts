import type { Problem, TrustFile } from '@holdfast/manifest';
import { tooLarge } from '@holdfast/manifest/internal';
import type { ObjectSource } from '../objects/object-source.ts';
import { visitBlobs } from './blob-reader.ts';
import type { Snapshot } from './snapshot.ts';

const maxBytes = 1 << 20;

export interface TrustFiles {
  readonly files: TrustFile[];
  readonly problems: Problem[];
}

/**
 * Keys and policy of a snapshot. What cannot be read stands as an empty file, which is neither a key nor a policy: trust then
 * trusts nobody. Left out, it would be trust with fewer rules.
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
