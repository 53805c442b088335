import { moreProblems } from '../json/read-document.ts';
import type { ReadResult } from '../manifest/read-manifest.ts';
import type { Problem } from '../problem/problem.ts';
import { problem } from '../problem/problem-draft.ts';
import { type ManifestFile, readFile } from './manifest-index.ts';

const inFull = 5;

/** Reads each blob once: Git keeps one of a few kilobytes under thousands of names, and reading it costs the same each time. */
export class RepeatedFiles {
  readonly #maxBytes: number | undefined;
  readonly #reads = new Map<string, { readonly path: string; readonly result: ReadResult }>();
  readonly #first = new Map<string, string>();

  constructor(maxBytes: number | undefined) {
    this.#maxBytes = maxBytes;
  }

  /** Of the second name on, the first problems and the count of the rest. */
  read(file: ManifestFile): ReadResult {
    const { id, path } = file;
    if (id === undefined) return readFile(file, this.#maxBytes);
    const known = this.#reads.get(id);
    if (known === undefined) {
      const result = readFile(file, this.#maxBytes);
      this.#reads.set(id, { path, result });
      return result;
    }
    return known.path === path ? known.result : underName(path, known);
  }

  /** Whether the bytes were judged under another name before. */
  isRepeated({ id, path }: ManifestFile): boolean {
    if (id === undefined) return false;
    const first = this.#first.get(id);
    if (first === undefined) this.#first.set(id, path);
    return first !== undefined && first !== path;
  }
}

function underName(path: string, known: { readonly path: string; readonly result: ReadResult }): ReadResult {
  const { result } = known;
  const problems: Problem[] = result.problems.slice(0, inFull).map((found) => ({ ...found, file: path }));
  const left = result.problems.length - problems.length;
  if (left > 0) {
    const { code, message } = moreProblems(left);
    problems.push(problem({ code, message: `${message}; they are those of ${known.path}` }, { file: path }));
  }
  return { ...result, problems };
}
