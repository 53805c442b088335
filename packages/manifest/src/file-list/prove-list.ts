import { locationOf } from '../json/source.ts';
import type { FileList } from '../manifest/file-list.ts';
import type { DatasetFile, ListedDataset } from '../manifest/manifest.ts';
import { builderError, fileProblem, type ListedFile, rootDraft } from '../manifest/prove-files.ts';
import type { ListLimits } from '../policy/list-limits.ts';
import type { Problem } from '../problem/problem.ts';
import { type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';
import { parts } from './dataset-files.ts';
import { FileListReader } from './list-reader.ts';
import { fileListPath, type ListSource } from './list-source.ts';

/** `createRootBuilder` of `@holdfast/content`: rebuilds a root from files that come in order. */
export type CreateRootBuilder = (profile: 'unixfs-v1-2025' | 'unixfs-v0-2015') => {
  add(file: ListedFile): void;
  finish(): { readonly cid: string };
};

export interface ListProof {
  /** The manifest's path, for the name of the list that is missing. */
  readonly path: string;
  readonly source: ListSource | undefined;
  readonly limits: ListLimits;
  readonly createRootBuilder: CreateRootBuilder | undefined;
  /** Called with each file, in order, until something is wrong. */
  readonly onFile?: ((file: DatasetFile) => void) | undefined;
}

/** What can be proved about a dataset from its list, read once as it comes: its form, its hashes, and the root. */
export async function proveList(dataset: ListedDataset, proof: ListProof): Promise<Problem[]> {
  const { source, limits, path } = proof;
  const place = { ...locationOf(dataset, '/dataset/fileList'), file: path };
  const tooMuch = limitDraft(dataset.fileList, limits) ?? gitLimitDraft(dataset.fileList, source, limits);
  if (tooMuch !== undefined) return [problem(tooMuch, place)];
  if (source === undefined) return [problem(missingDraft(dataset.fileList, path), place)];
  const { problems, root } = await readList(dataset, source, proof);
  if (problems.length > 0 || dataset.profile === 'custom') return problems;
  const draft = rootDraft(dataset.cid, root);
  return draft === undefined ? [] : [problem(draft, { ...locationOf(dataset, '/dataset/cid'), file: path })];
}

async function readList(dataset: ListedDataset, source: ListSource, proof: ListProof) {
  const { fileList, totalSize, profile } = dataset;
  const { limits, createRootBuilder, onFile } = proof;
  if (createRootBuilder === undefined)
    throw new TypeError(
      'expected `createRootBuilder` of @holdfast/content, to prove a dataset with a file list',
    );
  const found: Problem[] = [];
  let hidden = 0;
  const report = (draft: ProblemDraft, line: number) => {
    if (found.length < 20) found.push(problem(draft, { file: source.name, line }));
    else hidden++;
  };
  const builder = profile === 'custom' ? undefined : createRootBuilder(profile);
  const root = new RootDraft(builder, fileList, dataset.cid);
  const reader = new FileListReader(
    { fileList, totalSize },
    {
      file: source.name,
      onFile: (file, line) => {
        const draft = fileProblem(file, profile) ?? depthDraft(file.path, limits.depth);
        if (draft !== undefined) report(draft, line);
        if (found.length > 0) return;
        root.add(file);
        onFile?.(file);
      },
    },
  );
  for await (const part of parts(source.read())) if (!reader.push(part)) break;
  const verdict = reader.end();
  const problems = [...verdict.problems, ...found];
  hidden += verdict.hidden;
  if (hidden > 0)
    problems.push(
      problem(
        { code: 'json/more-problems', message: `${hidden} more problems are not listed` },
        { file: source.name },
      ),
    );
  return { problems, root: problems.length === 0 ? root.finish() : {} };
}

/** The root of the files so far, or why there is none. */
class RootDraft {
  readonly #builder: ReturnType<CreateRootBuilder> | undefined;
  #single: string | undefined;
  #failed: Error | undefined;

  constructor(builder: ReturnType<CreateRootBuilder> | undefined, { count }: FileList, cid: string) {
    this.#builder = builder;
    // A dataset of one file may be the file itself, without a folder around it.
    this.#single = count === 1 ? cid : undefined;
  }

  add(file: DatasetFile): void {
    if (this.#failed !== undefined) return;
    if (this.#single !== undefined && this.#single !== file.cid) this.#single = undefined;
    try {
      this.#builder?.add(file);
    } catch (cause) {
      this.#failed = builderError(cause);
    }
  }

  finish(): { readonly cid?: string; readonly why?: string } {
    if (this.#single !== undefined) return { cid: this.#single };
    try {
      if (this.#failed === undefined)
        return this.#builder === undefined ? {} : { cid: this.#builder.finish().cid };
      return { why: this.#failed.message };
    } catch (cause) {
      return { why: builderError(cause).message };
    }
  }
}

/** What the manifest says is too much already: no byte of the list is read or looked for. */
export function limitDraft({ count, size }: FileList, limits: ListLimits): ProblemDraft | undefined {
  if (count > limits.files) {
    const message = `the policy allows lists of at most ${limits.files} files, this one has ${count}`;
    return { code: 'list/too-large', message };
  }
  if (size > limits.bytes) {
    const message = `the policy allows lists of at most ${limits.bytes} bytes, this one has ${size}`;
    return { code: 'list/too-large', message };
  }
  return undefined;
}

function gitLimitDraft(
  { size }: FileList,
  source: ListSource | undefined,
  limits: ListLimits,
): ProblemDraft | undefined {
  if (source?.isInGit !== true || size <= limits.bytesInGit) return undefined;
  const message = `the policy allows lists of at most ${limits.bytesInGit} bytes in Git, ${show(source.name, 120)} has ${size}`;
  return { code: 'list/too-large-for-git', message };
}

function missingDraft({ count, cid }: FileList, path: string): ProblemDraft {
  const message = `the list of the ${count} files is neither in ${show(fileListPath(path), 160)} nor could a gateway serve ${cid}`;
  return { code: 'list/missing', message };
}

function depthDraft(path: string, most: number): ProblemDraft | undefined {
  let depth = 0;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth++;
  if (depth <= most) return undefined;
  const message = `${show(path, 80)} is in ${depth} folders; the policy allows at most ${most}`;
  return { code: 'list/too-deep', message };
}
