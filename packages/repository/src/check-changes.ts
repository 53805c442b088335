import { createRootBuilder, rootFromFiles } from '@holdfast/content/root';
import {
  type ChangeOptions,
  type ChangeReport,
  checkChange,
  hasErrors,
  type Problem,
} from '@holdfast/manifest';
import type { ObjectSource } from './objects/object-source.ts';
import { plainFolder } from './snapshot/glob-base.ts';
import { readManifestFiles } from './snapshot/manifest-files.ts';
import { defaultPublicKeys, readSnapshot, type Snapshot, type SnapshotOptions } from './snapshot/snapshot.ts';
import { readTrustFiles, type TrustFiles } from './snapshot/trust-files.ts';

export interface CheckOptions extends SnapshotOptions {
  /** The commit to compare with, whose keys and policy decide. Absent for the first commit of a repository. */
  readonly base?: string | undefined;
  readonly head: string;
  /** `all` also judges what did not change. Default: `changed`. */
  readonly mode?: 'changed' | 'all' | undefined;
  readonly at: Date;
  /** `owner/name`; a manifest that names another is refused. */
  readonly repository?: string | undefined;
  /** Looks for the file list of a dataset that has none beside its manifest. */
  readonly findList?: ChangeOptions['findList'];
  /** Warnings fail the check too. */
  readonly strict?: boolean | undefined;
  /** Default: 1 MiB. */
  readonly maxManifestBytes?: number | undefined;
}

export interface ChangesReport extends ChangeReport {
  readonly base?: string | undefined;
  readonly head: string;
  /** The number of manifests at the head, changed or not. */
  readonly manifests: number;
}

interface Side extends TrustFiles {
  readonly snapshot: Snapshot;
}

/** Checks what changed between two commits. Reads Git objects only. */
export async function checkChanges(source: ObjectSource, options: CheckOptions): Promise<ChangesReport> {
  const {
    base,
    head,
    mode = 'changed',
    at,
    repository,
    strict = false,
    maxManifestBytes = 1 << 20,
  } = options;
  const folder = plainFolder(options.publicKeys ?? defaultPublicKeys);
  const [before, after] = await Promise.all([
    base === undefined ? undefined : readSide(source, base, options, folder),
    readSide(source, head, options, folder),
  ]);
  const sides = { base: before?.snapshot ?? { manifests: [], lists: [] }, head: after.snapshot };
  const manifests = await readManifestFiles(source, sides, {
    maxBytes: maxManifestBytes,
    // A change of keys or policy is checked against every merged manifest.
    all: mode === 'all' || (before !== undefined && !sameTrust(before, after)),
  });
  const report = await checkChange(
    before && { manifests: manifests.base, trustFiles: before.files },
    { manifests: manifests.head, trustFiles: after.files },
    {
      at,
      rootFromFiles,
      createRootBuilder,
      findList: options.findList,
      strict,
      mode,
      maxBytes: maxManifestBytes,
      publicKeys: folder,
      repository,
    },
  );
  const problems = [...placementProblems(before, after), ...report.problems];
  return {
    ...report,
    problems,
    ok: strict ? problems.length === 0 : !hasErrors(problems),
    head,
    base,
    manifests: after.snapshot.manifests.length,
  };
}

function sameTrust({ snapshot: before }: Side, { snapshot: after }: Side): boolean {
  const named = ({ trustFiles }: Snapshot) =>
    trustFiles
      .map(({ path, id }) => `${id} ${path}`)
      .sort()
      .join('\n');
  return named(before) === named(after);
}

async function readSide(
  source: ObjectSource,
  commit: string,
  options: SnapshotOptions,
  folder: string,
): Promise<Side> {
  const snapshot = await readSnapshot(source, commit, options);
  return { snapshot, ...(await readTrustFiles(source, snapshot, folder)) };
}

/** What is merged already is a warning: it must not block a later change. */
function placementProblems(before: Side | undefined, after: Side): Problem[] {
  const of = ({ snapshot, problems }: Side) => [...snapshot.problems, ...problems];
  const old = new Set(before && of(before).map(({ code, file }) => `${code} ${file}`));
  return of(after).map((found) =>
    old.has(`${found.code} ${found.file}`) ? { ...found, severity: 'warning' } : found,
  );
}
