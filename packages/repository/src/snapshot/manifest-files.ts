import { fileListPath, type ListSource } from '@holdfast/manifest/files';
import { type ManifestFile, type ManifestIdentity, tooLarge } from '@holdfast/manifest/internal';
import { RepositoryError } from '../objects/error.ts';
import type { ObjectSource } from '../objects/object-source.ts';
import { visitBlobs } from './blob-reader.ts';
import { listsOf } from './list-files.ts';
import type { Snapshot } from './snapshot.ts';
import type { SnapshotFile } from './snapshot-file.ts';

export interface ManifestFilesOptions {
  readonly maxBytes: number;
  /** Keeps the bytes of unchanged manifests too, which are then judged. */
  readonly all: boolean;
}

export interface ManifestSides {
  readonly base: ManifestSide;
  readonly head: ManifestSide;
}

export type ManifestSide = Pick<Snapshot, 'manifests' | 'lists'>;

/**
 * The contents of both sides; each blob is read once. Of an unchanged manifest only the name and version are kept, and its
 * bytes only if a changed manifest has the same name and could refer to it.
 */
export async function readManifestFiles(
  source: ObjectSource,
  sides: ManifestSides,
  { maxBytes, all }: ManifestFilesOptions,
): Promise<{ readonly base: ManifestFile[]; readonly head: ManifestFile[] }> {
  const [base, head] = [sides.base.manifests, sides.head.manifests];
  const read = new Map<string, Pick<ManifestFile, 'bytes' | 'identity' | 'read'>>();
  const small = (file: SnapshotFile) => file.size <= maxBytes && !read.has(file.id);
  const isSame = sameOnBothSides(sides);
  const changed = [...head, ...base].filter((file) => !isSame(file));
  const names = new Set<string>();
  await visitBlobs(source, unique(changed.filter(small)), (file, bytes) => {
    const identity = identityOf(bytes);
    if (identity !== undefined) names.add(identity.name);
    read.set(file.id, { bytes, ...(identity && { identity }) });
  });
  if (changed.length > 0 || all) {
    await visitBlobs(source, unique(head.filter(small)), ({ id }, bytes) => {
      const identity = identityOf(bytes);
      const keep = all || identity === undefined || names.has(identity.name);
      read.set(id, { bytes: keep ? bytes : notKept, ...(identity && { identity }) });
    });
  }
  const fileOf =
    (lists: ReadonlyMap<string, ListSource>) =>
    ({ path, id, size }: SnapshotFile): ManifestFile => ({
      path,
      id,
      list: lists.get(fileListPath(path)),
      ...(size > maxBytes
        ? { bytes: notKept, read: { ok: false, problems: [tooLarge(size, maxBytes, path)] } }
        : (read.get(id) ?? { bytes: notKept })),
    });
  return {
    base: base.map(fileOf(listsOf(source, sides.base.lists))),
    head: head.map(fileOf(listsOf(source, sides.head.lists))),
  };
}

/** The same manifest, with the same list beside it. */
function sameOnBothSides({ base, head }: ManifestSides): (file: SnapshotFile) => boolean {
  const [before, after] = [blobsOf(base), blobsOf(head)];
  return ({ path }) =>
    before.get(path) === after.get(path) && before.get(fileListPath(path)) === after.get(fileListPath(path));
}

function blobsOf({ manifests, lists }: ManifestSide): Map<string, string> {
  return new Map([...manifests, ...lists].map(({ path, id }) => [path, id]));
}

function unique(files: readonly SnapshotFile[]): SnapshotFile[] {
  return [...new Map(files.map((file) => [file.id, file])).values()];
}

function notKept(): never {
  throw new RepositoryError('object-missing', 'the bytes of an unchanged manifest are not kept');
}

function identityOf(bytes: Uint8Array): ManifestIdentity | undefined {
  try {
    const { name, version } = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
    ).dataset;
    return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
  } catch {
    return undefined;
  }
}
