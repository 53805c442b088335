import type { Change } from '@holdfast/manifest';
import {
  bringsContent,
  compareFiles,
  type ListSummary,
  type ReadManifest,
  summarizeFiles,
} from '@holdfast/manifest/internal';

/** What a change does to the files of one dataset. */
export interface DataChange {
  /** Of the manifest. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** The version it is compared with; absent for the first one. */
  readonly against?: string;
  readonly cid: string;
  readonly files: number;
  readonly bytes: number;
  readonly summary: ListSummary;
  /** Whether a gateway serves the root; absent where none was asked. */
  readonly retrievable?: boolean;
}

/** Of all manifests that bring content: against what is merged there, else against the version before. */
export async function dataChanges(changes: readonly Change[]): Promise<DataChange[]> {
  const found: DataChange[] = [];
  for (const { path, before, previous, after } of changes.filter(bringsContent)) {
    const old = before ?? previous;
    const { name, version, cid, totalSize } = after.manifest.dataset;
    found.push({
      path,
      name,
      version,
      ...(old && { against: old.manifest.dataset.version }),
      cid,
      files: filesOf(after).length,
      bytes: totalSize,
      summary: await summarizeFiles(compareFiles(filesOf(old), filesOf(after))),
    });
  }
  return found;
}

function filesOf(read: ReadManifest | undefined) {
  return read?.manifest.dataset.files ?? [];
}
