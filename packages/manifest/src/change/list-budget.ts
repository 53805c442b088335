import type { FileList } from '../manifest/file-list.ts';
import type { ProblemDraft } from '../problem/problem-draft.ts';

/** Bounds the lists that are read for manifests that too few have signed: anybody can open a pull request with a thousand of them. */
export class ListBudget {
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  take({ size }: FileList, isSigned: boolean): ProblemDraft | undefined {
    if (isSigned) return undefined;
    this.#bytes += size;
    // A single list over the limit has a problem of its own.
    if (this.#bytes <= this.#most || this.#bytes === size) return undefined;
    const message = `the unsigned manifests of this change have lists of more than ${this.#most} bytes together; the rest was not read`;
    const hint = 'sign the manifests, or propose them in several pull requests';
    return { code: 'list/too-large', message, hint };
  }
}
