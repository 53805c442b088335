import type { ListSource } from '@holdfast/manifest/files';
import { type ObjectSource, present } from '../objects/object-source.ts';
import type { SnapshotFile } from './snapshot-file.ts';

/** The lists of a commit by their path; none is read before it is asked for. */
export function listsOf(
  source: Pick<ObjectSource, 'blob'>,
  lists: readonly SnapshotFile[],
): ReadonlyMap<string, ListSource> {
  return new Map(lists.map((file) => [file.path, listSource(source, file)]));
}

function listSource(source: Pick<ObjectSource, 'blob'>, { path, id, size }: SnapshotFile): ListSource {
  return {
    name: path,
    id,
    size,
    isInGit: true,
    async *read() {
      yield present(await source.blob(id, size), `${path} (blob ${id})`);
    },
  };
}
