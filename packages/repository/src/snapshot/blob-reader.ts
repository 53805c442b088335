import { type ObjectSource, present } from '../objects/object-source.ts';
import type { SnapshotFile } from './snapshot-file.ts';

const atOnce = 256;

/** Hands each file's bytes to `visit`, a few hundred files at a time: in memory are only these, and what `visit` keeps. */
export async function visitBlobs<T extends SnapshotFile>(
  source: ObjectSource,
  files: readonly T[],
  visit: (file: T, bytes: Uint8Array) => void,
): Promise<void> {
  for (let from = 0; from < files.length; from += atOnce) {
    const batch = files.slice(from, from + atOnce);
    const contents = await Promise.all(batch.map(({ id, size }) => source.blob(id, size)));
    batch.forEach((file, index) => {
      visit(file, present(contents[index], `${file.path} (blob ${file.id})`));
    });
  }
}
