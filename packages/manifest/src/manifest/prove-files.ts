import { locationOf } from '../json/source.ts';
import type { Problem } from '../problem/problem.ts';
import { type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { escapeText, show } from '../text/display.ts';
import { cidSha256, cidV1, holdsSha256, sha256CidCodec } from './cid.ts';
import type { Dataset, DatasetFile, Profile } from './manifest.ts';

export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly cid: string;
}

/** `rootFromFiles` of `@holdfast/content`, which rebuilds the root from a list. An argument, so that this package stays pure. */
export type RootBuilder = (
  files: readonly ListedFile[],
  profile: Exclude<Profile, 'custom'>,
) => { readonly cid: string };

/** The chunk size of a profile: a file up to this size is one block. */
const chunkSize = { 'unixfs-v1-2025': 1024 * 1024, 'unixfs-v0-2015': 256 * 1024 } as const;

/**
 * What can be proved about a dataset without its bytes: the hashes of single-block files, and the root from the list of files.
 *
 * @example
 * ```ts
 * // rootFromFiles is of @holdfast/content
 * proveFiles(manifest.dataset, rootFromFiles); // => []
 * ```
 */
export function proveFiles(dataset: Dataset, rootFromFiles: RootBuilder): Problem[] {
  if (dataset.files === undefined)
    throw new TypeError(
      'expected a dataset with "files"; checkChange and judgeManifests prove one with a file list',
    );
  const ofFiles = dataset.files.flatMap((file, index) => {
    const draft = fileProblem(file, dataset.profile);
    return draft === undefined ? [] : [problem(draft, locationOf(dataset, `/dataset/files/${index}/cid`))];
  });
  if (ofFiles.length > 0 || dataset.profile === 'custom') return ofFiles;
  const root = rootProblem(dataset.files, dataset.cid, dataset.profile, rootFromFiles);
  return root === undefined ? [] : [problem(root, locationOf(dataset, '/dataset/cid'))];
}

/** A file of one block has its SHA-256 in its CID. */
export function fileProblem(file: DatasetFile, profile: Profile): ProblemDraft | undefined {
  const codec = sha256CidCodec(file.cid);
  const expected = formOf(file.size, profile);
  if (expected !== undefined && codec !== expected) {
    const message = `${show(file.path, 80)} of ${file.size} bytes has a ${expected} CID with SHA-256 under ${profile}, got ${file.cid}`;
    return { code: 'proof/wrong-file-form', message };
  }
  if (codec !== 'raw' || holdsSha256(file.cid, file.sha256)) return undefined;
  const holds = cidSha256(file.cid) ?? 'none';
  const message = `the CID of ${show(file.path, 80)} holds the SHA-256 ${holds}, the manifest lists ${file.sha256}`;
  return { code: 'proof/wrong-file-cid', message };
}

/** The codec of a file of this size in the profile; undefined if the profile does not define it. */
function formOf(size: number, profile: Profile): 'raw' | 'dag-pb' | undefined {
  if (profile === 'custom') return undefined;
  return profile === 'unixfs-v1-2025' && size <= chunkSize[profile] ? 'raw' : 'dag-pb';
}

function rootProblem(
  files: readonly DatasetFile[],
  cid: string,
  profile: Exclude<Profile, 'custom'>,
  rootFromFiles: RootBuilder,
): ProblemDraft | undefined {
  const [only] = files;
  // A dataset of one file may be the file itself, without a folder around it.
  if (files.length === 1 && only?.cid === cid) return undefined;
  return rootDraft(cid, buildRoot(files, profile, rootFromFiles));
}

/** The list makes another root than the manifest says, or none. */
export function rootDraft(
  cid: string,
  built: { readonly cid?: string; readonly why?: string },
): ProblemDraft | undefined {
  const code = 'proof/wrong-root';
  if (built.cid !== undefined) {
    const root = cidV1(built.cid) ?? built.cid;
    if (root === cid) return undefined;
    return { code, message: `the list of files makes the root ${root}; the manifest says ${cid}` };
  }
  const hint = 'rename one of the files named, then run `holdfast create` on the files again and sign';
  const why = escapeText((built.why ?? '').slice(0, 300));
  return { code, message: `the list of files makes no root: ${why}`, hint };
}

function buildRoot(
  files: readonly DatasetFile[],
  profile: Exclude<Profile, 'custom'>,
  rootFromFiles: RootBuilder,
) {
  try {
    return { cid: rootFromFiles(files, profile).cid };
  } catch (cause) {
    return { why: builderError(cause).message };
  }
}

/** The builder's own errors have a code, for example for a name that no folder can have; anything else is a bug. */
export function builderError(cause: unknown): Error {
  if (cause instanceof Error && 'code' in cause) return cause;
  throw cause;
}
