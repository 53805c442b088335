import { show } from '../display.ts';
import type { Problem } from '../problem.ts';
import { type Fault, problem } from '../problem-catalogue.ts';
import { cidSha256, cidV1, parseCid } from './cid.ts';
import type { Dataset, DatasetFile, Profile } from './manifest.ts';

export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly cid: string;
}

/** Rebuilds the root from a list: `rootFromFiles` of `@holdfast/content`, passed in so that this package stays pure. */
export type RootBuilder = (
  files: readonly ListedFile[],
  profile: Exclude<Profile, 'custom'>,
) => { readonly cid: string };

/** Chunk of a profile: a file up to this size is one block. */
const chunkSize = { 'unixfs-v1-2025': 1024 * 1024, 'unixfs-v0-2015': 256 * 1024 } as const;

/** What can be proved of a dataset without its bytes. Problems have the pointers of the manifest. */
export function proveFiles(dataset: Dataset, rootFromFiles: RootBuilder): Problem[] {
  const ofFiles = dataset.files.flatMap((file, index) => {
    const fault = fileFault(file, dataset.profile);
    return fault === undefined ? [] : [problem(fault, { path: `/dataset/files/${index}/cid` })];
  });
  if (ofFiles.length > 0 || dataset.profile === 'custom') return ofFiles;
  const root = rootFault(dataset, dataset.profile, rootFromFiles);
  return root === undefined ? [] : [problem(root, { path: '/dataset/cid' })];
}

/** A file of one block has its SHA-256 in its CID. */
function fileFault(file: DatasetFile, profile: Profile): Fault | undefined {
  const cid = parseCid(file.cid);
  if (cid === undefined) return { code: 'proof/wrong-file-form', message: `${show(file.cid, 80)} is no CID` };
  const expected = formOf(file.size, profile);
  if (expected !== undefined && (cid.codec !== expected || cid.hash !== 18)) {
    const message = `${show(file.path, 80)} of ${file.size} bytes has a ${expected} CID with SHA-256 under ${profile}, got ${cid.codec} with hash 0x${cid.hash.toString(16)}`;
    return { code: 'proof/wrong-file-form', message };
  }
  const digest = cid.codec === 'raw' ? cidSha256(cid) : undefined;
  if (digest === undefined || digest === file.sha256) return undefined;
  return {
    code: 'proof/wrong-file-cid',
    message: `the CID of ${show(file.path, 80)} holds the SHA-256 ${digest}, the manifest lists ${file.sha256}`,
  };
}

/** The codec a file of this size has under the profile; undefined where the profile does not say. */
function formOf(size: number, profile: Profile): 'raw' | 'dag-pb' | undefined {
  if (profile === 'custom') return undefined;
  return profile === 'unixfs-v1-2025' && size <= chunkSize[profile] ? 'raw' : 'dag-pb';
}

function rootFault(
  dataset: Dataset,
  profile: Exclude<Profile, 'custom'>,
  rootFromFiles: RootBuilder,
): Fault | undefined {
  const [only] = dataset.files;
  // A dataset of one file may be the file itself, without a folder around it.
  if (dataset.files.length === 1 && only?.cid === dataset.cid) return undefined;
  const built = buildRoot(dataset, profile, rootFromFiles);
  if (built === dataset.cid) return undefined;
  const message =
    built === undefined
      ? 'the list of files makes no root'
      : `the list of files makes the root ${built}, the manifest says ${dataset.cid}`;
  return { code: 'proof/wrong-root', message };
}

function buildRoot(
  dataset: Dataset,
  profile: Exclude<Profile, 'custom'>,
  rootFromFiles: RootBuilder,
): string | undefined {
  const { cid } = rootFromFiles(dataset.files, profile);
  return cidV1(cid) ?? cid;
}
