import { sha256 } from '@holdfast/manifest/sha256';
import { buildFolder, FolderDag } from './dag/folder-dag.ts';
import { cidText, parseCid } from './dag/link-cid.ts';
import { defaultProfile, type ProfileName, profileOf } from './profile.ts';

export interface RootFile {
  /** Relative, with `/` between segments. */
  readonly path: string;
  readonly size: number;
  readonly cid: string;
}

export interface Root {
  /** CIDv1 in base32, under either profile. */
  readonly cid: string;
  /** Bytes of all blocks of the DAG: what Kubo calls the cumulative size. */
  readonly dagSize: number;
}

/**
 * The root CID of a folder from its file list alone. Pure: no bytes of any file are needed, because the size of a
 * file gives the shape of its DAG, and the shapes give the sizes that the directories' links carry.
 */
export function rootFromFiles(files: readonly RootFile[], profile: ProfileName = defaultProfile): Root {
  const parsed = files.map(({ path, size, cid }) => ({ path, size, cid: parseCid(cid) }));
  const { digest, dagSize } = buildFolder(parsed, profileOf(profile), { sha256 });
  return { cid: cidText('dag-pb', digest), dagSize };
}

/** The CIDs of the files in a list and of the folders they make, the root among them. */
export function folderCids(files: readonly RootFile[], profile: ProfileName = defaultProfile): Set<string> {
  const cids = new Set(files.map(({ cid }) => cid));
  const parsed = files.map(({ path, size, cid }) => ({ path, size, cid: parseCid(cid) }));
  const emit = ({ digest }: { digest: Uint8Array }) => void cids.add(cidText('dag-pb', digest));
  buildFolder(parsed, profileOf(profile), { sha256, emit });
  return cids;
}

/** Builds a root from files that come one by one, in byte order of their paths: a list too long to be held. */
export interface RootBuilder {
  add(file: RootFile): void;
  finish(): Root;
}

/** As `rootFromFiles`, in the memory that the open folders take. */
export function createRootBuilder(profile: ProfileName = defaultProfile): RootBuilder {
  const dag = new FolderDag(profileOf(profile), { sha256 });
  return {
    add: ({ path, size, cid }) => dag.add({ path, size, cid: parseCid(cid) }),
    finish: () => {
      const { digest, dagSize } = dag.finish();
      return { cid: cidText('dag-pb', digest), dagSize };
    },
  };
}
