import { type Sha256Stream, sha256Stream } from '../crypto/sha256-stream.ts';
import type { FileList } from '../manifest/file-list.ts';
import { comparePaths } from '../manifest/file-path.ts';
import type { DatasetFile } from '../manifest/manifest.ts';
import type { Problem } from '../problem/problem.ts';
import { type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';
import { fileLineProblems, maxLineLength, parseFileLine } from './file-line.ts';
import { ListLines } from './list-lines.ts';
import { PathIndex } from './path-index.ts';

/** What the manifest says of its list. */
export interface ListClaims {
  readonly fileList: FileList;
  readonly totalSize: number;
}

export interface ListReaderOptions {
  /** Named in the problems. */
  readonly file?: string | undefined;
  /** How many problems are listed; the rest is counted. Default: 20. */
  readonly maxProblems?: number | undefined;
  /** Called with each file in order, until something is wrong. */
  readonly onFile?: ((file: DatasetFile, line: number) => void) | undefined;
}

export interface ListVerdict {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  /** How many problems are not listed. */
  readonly hidden: number;
}

/** Reads a list of files as it comes, as strictly as a manifest, in memory that does not grow with its lines' length. */
export class FileListReader {
  readonly #claims: ListClaims;
  readonly #options: ListReaderOptions;
  readonly #maxProblems: number;
  readonly #hash: Sha256Stream = sha256Stream();
  readonly #index = new PathIndex();
  readonly #lines: ListLines;
  readonly #problems: Problem[] = [];
  #found = 0;
  #bytes = 0;
  #line = 0;
  #totalSize = 0;
  #previous: string | undefined;
  #unsorted = false;
  /** True if the rest was not read: then sums and hashes mean nothing. */
  #cut = false;

  constructor(claims: ListClaims, options: ListReaderOptions = {}) {
    this.#claims = claims;
    this.#options = options;
    this.#maxProblems = options.maxProblems ?? 20;
    this.#lines = new ListLines(maxLineLength, {
      line: (text) => this.#read(text),
      notUtf8: () =>
        this.#stop(this.#line + 1, { code: 'json/not-utf-8', message: 'a byte of this line is not UTF-8' }),
      tooLong: () =>
        this.#stop(this.#line + 1, {
          code: 'list/line-too-long',
          message: `the line is longer than ${maxLineLength} bytes, more than any file takes`,
        }),
    });
  }

  /** Takes the next bytes. False: no more are needed. */
  push(chunk: Uint8Array): boolean {
    if (this.#cut) return false;
    this.#bytes += chunk.length;
    const { size } = this.#claims.fileList;
    if (this.#bytes > size) {
      this.#lines.push(chunk.subarray(0, chunk.length - (this.#bytes - size)));
      if (!this.#cut)
        this.#stop(this.#line + 1, {
          code: 'list/wrong-size',
          message: `the list goes on after the ${size} bytes that its manifest says`,
        });
      return false;
    }
    this.#hash.update(chunk);
    return this.#lines.push(chunk);
  }

  end(): ListVerdict {
    if (!this.#cut) this.#checkWhole();
    const hidden = this.#found - this.#problems.length;
    return { ok: this.#found === 0, problems: this.#problems, hidden };
  }

  #read(text: string): boolean {
    this.#line++;
    const { count } = this.#claims.fileList;
    if (this.#line > count) {
      this.#stop(this.#line, {
        code: 'list/wrong-count',
        message: `this line comes after the ${count} files that the manifest says`,
      });
      return false;
    }
    const file = parseFileLine(text);
    if (file === undefined) {
      for (const found of fileLineProblems(text, this.#line, this.#options.file)) this.#report(found);
      return true;
    }
    this.#checkPath(file.path);
    this.#totalSize += file.size;
    if (this.#found === 0) this.#options.onFile?.(file, this.#line);
    return true;
  }

  #checkPath(path: string): void {
    const previous = this.#previous;
    this.#previous = path;
    if (!this.#unsorted && previous !== undefined && comparePaths(path, previous) < 0) {
      this.#unsorted = true;
      this.#draft(this.#line, {
        code: 'manifest/unsorted-files',
        message: `${show(path, 80)} comes after ${show(previous, 80)}; expected files sorted by the bytes of their paths`,
      });
    }
    const clash = this.#index.add(path, this.#line);
    if (clash === undefined) return;
    const where = `the path of line ${clash.line}`;
    this.#draft(
      this.#line,
      clash.kind === 'one-path'
        ? {
            code: 'manifest/duplicate-path',
            message: `${show(path, 80)} and ${where} are one path where case is ignored`,
          }
        : {
            code: 'manifest/path-conflict',
            message: `${show(path, 80)} cannot stand beside ${where}: one would be a file and a folder`,
          },
    );
  }

  #checkWhole(): void {
    const { fileList, totalSize } = this.#claims;
    const { count, size, sha256 } = fileList;
    if (this.#lines.unfinished > 0) {
      const message = 'the last line does not end with a line feed: the list is cut, or was edited';
      this.#draft(this.#line + 1, { code: 'list/unfinished-line', message });
    } else if (this.#bytes < size) {
      const message = `expected ${size} bytes, the list ends after ${this.#bytes}`;
      this.#draft(this.#line + 1, { code: 'list/wrong-size', message });
    } else if (this.#line < count) {
      const message = `expected ${count} files, the list ends after ${this.#line}`;
      this.#draft(this.#line, { code: 'list/wrong-count', message });
    }
    const actual = this.#hash.hex();
    if (this.#bytes === size && actual !== sha256) {
      const message = `the SHA-256 of the list is ${actual}; the manifest says ${sha256}`;
      this.#draft(1, { code: 'list/wrong-sha256', message });
    }
    if (this.#found === 0 && this.#totalSize !== totalSize) {
      const message = `expected ${this.#totalSize}, the sum of the sizes, got ${totalSize}`;
      this.#draft(1, { code: 'manifest/wrong-total-size', message });
    }
  }

  #stop(line: number, draft: ProblemDraft): void {
    this.#cut = true;
    this.#draft(line, draft);
  }

  #draft(line: number, draft: ProblemDraft): void {
    this.#report(problem(draft, { file: this.#options.file, line }));
  }

  #report(found: Problem): void {
    this.#found++;
    if (this.#problems.length < this.#maxProblems) this.#problems.push(found);
  }
}
