import { loadTrust, type Problem, type ReadResult, readManifest, type Trust } from '@holdfast/manifest';
import type { ListSource } from '@holdfast/manifest/files';
import { tooLarge } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import {
  listsOf,
  openRepository,
  type Repository,
  readSnapshot,
  readTrustFiles,
  type Snapshot,
  visitBlobs,
} from '@holdfast/repository';
import { Misuse } from '../frame/misuse.ts';

const maxBytes = 1_048_576;

/** One manifest as a commit has it. */
export interface CommittedManifest {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly result: ReadResult;
}

/** A commit: its manifests, and who is trusted in it. */
export interface Committed {
  readonly commit: string;
  readonly manifests: readonly CommittedManifest[];
  readonly trust: Trust;
  readonly problems: readonly Problem[];
}

/** One commit of the repository around `cwd`. Uncommitted files are ignored. */
export async function readCommitted(
  cwd: string,
  revision: string,
  publicKeys = 'public-keys',
): Promise<Committed> {
  await using repository = await repositoryAround(cwd);
  const commit = await commitNamed(repository, revision);
  const snapshot = await readSnapshot(repository, commit, { publicKeys });
  const { files, problems } = await readTrustFiles(repository, snapshot, publicKeys);
  const loaded = loadTrust(files, { folder: publicKeys });
  return {
    commit,
    manifests: await manifestsOf(repository, snapshot),
    trust: loaded.trust,
    problems: [...snapshot.problems, ...problems, ...loaded.problems],
  };
}

export async function repositoryAround(cwd: string): Promise<Repository> {
  return openRepository(cwd).catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'not-a-repository') throw error;
    throw new Misuse(
      'this folder is not in a git repository',
      'cd to the repository of your manifests, or create one with git init',
    );
  });
}

/** The full id of a named commit. */
export async function commitNamed(repository: Repository, revision: string): Promise<string> {
  const commit = await repository.resolve(revision);
  if (commit !== undefined) return commit;
  throw new Misuse(
    `there is no commit ${escapeText(revision)}`,
    revision === 'HEAD'
      ? 'commit first: git add manifests public-keys && git commit'
      : 'list what there is with git log or git branch --all; get the rest with git fetch',
  );
}

async function manifestsOf(
  repository: Repository,
  snapshot: Snapshot,
): Promise<readonly CommittedManifest[]> {
  const read = new Map<string, CommittedManifest>();
  for (const { path, size } of snapshot.manifests) {
    if (size <= maxBytes) continue;
    const problems = [tooLarge(size, maxBytes, path)];
    read.set(path, { path, text: '', result: { ok: false, problems } });
  }
  const small = snapshot.manifests.filter(({ path }) => !read.has(path));
  await visitBlobs(repository, small, ({ path }, bytes) => {
    read.set(path, {
      path,
      text: new TextDecoder().decode(bytes),
      result: readManifest(bytes, { file: path }),
    });
  });
  return snapshot.manifests.flatMap(({ path }) => read.get(path) ?? []);
}

/** The file lists of a commit by their path. Each opens the repository when it is read. */
export async function committedLists(
  cwd: string,
  commit: string,
  publicKeys: string,
): Promise<ReadonlyMap<string, ListSource>> {
  await using repository = await repositoryAround(cwd);
  const { lists } = await readSnapshot(repository, commit, { publicKeys });
  const blob = async (id: string, size: number) => {
    await using again = await repositoryAround(cwd);
    return await again.blob(id, size);
  };
  return listsOf({ blob }, lists);
}
