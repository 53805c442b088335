import { type Change, ManifestError } from '@holdfast/manifest';
import type { DatasetFiles } from '@holdfast/manifest/files';
import {
  bringsContent,
  compareFiles,
  inlineFiles,
  type ListSummary,
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
  for (const change of changes.filter(bringsContent)) {
    const { path, after, files } = change;
    const { name, version, cid, totalSize } = after.manifest.dataset;
    const compared = files && (await compare(change, files));
    if (compared !== undefined)
      found.push({
        path,
        name,
        version,
        cid,
        files: compared.files,
        bytes: totalSize,
        ...compared.difference,
      });
  }
  return found;
}

type Difference = Pick<DataChange, 'against' | 'summary'>;

/** Undefined for a list that is not the one that was signed: its problem says so. */
async function compare(
  { before, previous, previousFiles }: Change,
  files: DatasetFiles,
): Promise<{ readonly files: number; readonly difference: Difference } | undefined> {
  const old = before ?? previous;
  const oldFiles = before === undefined ? previousFiles : inlineFiles(before.manifest.dataset.files ?? []);
  const against = old === undefined ? {} : { against: old.manifest.dataset.version };
  const compareWith = async (others: DatasetFiles | undefined) => {
    try {
      return await summarizeFiles(compareFiles(others ?? [], files));
    } catch (cause) {
      if (!(cause instanceof ManifestError)) throw cause;
      return undefined;
    }
  };
  const summary = await compareWith(oldFiles);
  if (summary !== undefined) return { files: files.count, difference: { ...against, summary } };
  // Without the list of the version before, all files are new.
  const alone = oldFiles && (await compareWith(undefined));
  return alone && { files: files.count, difference: { summary: alone } };
}
