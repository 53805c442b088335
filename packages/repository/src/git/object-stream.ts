import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { RepositoryError } from '../objects/error.ts';
import { isObjectId } from '../objects/object-id.ts';
import { exitOf, type Git } from './git.ts';

export interface FoundObject {
  readonly type: string;
  readonly size: number;
  /** Empty for `info`. */
  readonly bytes: Buffer;
}

interface Question {
  readonly text: string;
  readonly contents: boolean;
  readonly maxBytes: number;
  readonly resolve: (answer: FoundObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Body {
  readonly question: Question;
  readonly type: string;
  readonly size: number;
  /** Absent if the object is too large: its bytes are dropped. */
  readonly bytes: Buffer | undefined;
  filled: number;
}

/** One `git cat-file --batch-command` for all reads: questions go in bundles, answers come in the same order. */
export class ObjectStream {
  readonly #git: Git;
  #child: ChildProcessWithoutNullStreams | undefined;
  #ended: Promise<unknown> | undefined;
  #unsent: Question[] = [];
  #waiting: Question[] = [];
  #answered = 0;
  #header = '';
  #body: Body | undefined;
  #stderr = '';
  #closed = false;

  constructor(git: Git) {
    this.#git = git;
  }

  info(id: string): Promise<FoundObject | undefined> {
    return this.#ask(`info ${id}`, id, 0, false);
  }

  contents(id: string, maxBytes: number): Promise<FoundObject | undefined> {
    return this.#ask(`contents ${id}`, id, maxBytes, true);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#child?.stdin.end();
    await this.#ended;
  }

  #ask(text: string, id: string, maxBytes: number, contents: boolean): Promise<FoundObject | undefined> {
    if (!isObjectId(id))
      throw new TypeError(`object id expected 40 or 64 hex digits, got ${JSON.stringify(id)}`);
    if (this.#closed) throw new TypeError('the repository is closed');
    return new Promise((resolve, reject) => {
      if (this.#unsent.length === 0) queueMicrotask(() => this.#send());
      this.#unsent.push({ text, contents, maxBytes, resolve, reject });
    });
  }

  #send(): void {
    const questions = this.#unsent;
    this.#unsent = [];
    this.#child ??= this.#start();
    for (const question of questions) this.#waiting.push(question);
    this.#child.stdin.write(`${questions.map(({ text }) => text).join('\n')}\nflush\n`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = this.#git.start(['cat-file', '--batch-command', '--buffer']);
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(0, 2000);
    });
    child.stdin.on('error', () => {});
    this.#ended = exitOf(child).then(
      () =>
        this.#fail(
          new RepositoryError(
            'git-failed',
            `git cat-file ended early: ${this.#stderr.trim() || 'no reason given'}`,
          ),
        ),
      (error) => this.#fail(error),
    );
    return child;
  }

  #fail(error: unknown): void {
    for (const question of this.#waiting.slice(this.#answered)) question.reject(error);
    this.#waiting = [];
    this.#answered = 0;
    this.#child = undefined;
  }

  #read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      at = this.#body === undefined ? this.#readHeader(chunk, at) : this.#readBody(this.#body, chunk, at);
    }
  }

  #readHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(0x0a, at);
    this.#header += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
    if (end < 0) return chunk.length;
    const line = this.#header;
    this.#header = '';
    const question = this.#waiting[this.#answered];
    if (question !== undefined) this.#answer(question, line);
    return end + 1;
  }

  #answer(question: Question, line: string): void {
    const [, type = '', digits] = line.split(' ');
    if (digits === undefined) {
      this.#next();
      if (type === 'missing') question.resolve(undefined);
      else
        question.reject(
          new RepositoryError(
            'git-failed',
            `git cat-file expected an object's header, got "${line.slice(0, 100)}"`,
          ),
        );
      return;
    }
    const size = Number(digits);
    if (!question.contents) {
      this.#next();
      question.resolve({ type, size, bytes: Buffer.alloc(0) });
      return;
    }
    const bytes = size <= question.maxBytes ? Buffer.allocUnsafe(size) : undefined;
    this.#body = { question, type, size, bytes, filled: 0 };
  }

  #readBody(body: Body, chunk: Buffer, at: number): number {
    const { question, type, size, bytes } = body;
    const end = Math.min(chunk.length, at + size - body.filled);
    if (bytes !== undefined) chunk.copy(bytes, body.filled, at, end);
    body.filled += end - at;
    if (body.filled < size || end === chunk.length) return end;
    this.#body = undefined;
    this.#next();
    if (bytes !== undefined) question.resolve({ type, size, bytes });
    else {
      const message = `${type} of ${question.text.slice(9)} expected at most ${question.maxBytes} bytes, got ${size}`;
      question.reject(new RepositoryError('too-large', message));
    }
    // The line feed after the contents.
    return end + 1;
  }

  /** Answered questions are dropped in bulk: shifting a long array each time would be quadratic. */
  #next(): void {
    this.#answered += 1;
    if (this.#answered < 1024 && this.#answered < this.#waiting.length) return;
    this.#waiting.splice(0, this.#answered);
    this.#answered = 0;
  }
}
