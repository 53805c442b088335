import { readFileSync } from 'node:fs';
import { error, getInput, info, notice, setOutput, setSecret, summary, warning } from '@actions/core';
import { Misuse } from './failure.ts';
import { printable, withoutCommand } from './printable.ts';

const annotations = { error, warning, notice };

export type Environment = Readonly<Record<string, string | undefined>>;

export interface AnnotationPlace {
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** GitHub's toolkit, and what it leaves open: no text is read as a command, and no secret leaves in a page or an output. */
export class Runner {
  readonly environment: Environment = process.env;
  readonly #secrets: string[] = [];
  readonly #outputs = new Set<string>();

  /** One line of log, whatever the text holds. */
  line(text = ''): void {
    info(printable(this.hide(text)));
  }

  annotate(
    level: 'error' | 'warning' | 'notice',
    message: string,
    { title, file, line, column }: AnnotationPlace = {},
  ): void {
    annotations[level](withoutCommand(this.hide(message)), {
      // As it is, or the annotation stands at no file: a line that begins as a command is never searched for `##[`.
      ...(file && { file }),
      ...(line && { startLine: line }),
      ...(column && { startColumn: column }),
      ...(title && { title: withoutCommand(title) }),
    });
  }

  /** Trimmed; empty where it is not given. */
  input(name: string): string {
    return getInput(name);
  }

  /** Before the value is used for the first time. The runner hides it in the log; `hide` does everywhere else. */
  mask(secret: string): void {
    // A short or empty value would turn the log into asterisks and hide nothing.
    if (secret.length < 4) return;
    for (const line of secret.split(/\r?\n/)) if (line.length >= 4) setSecret(line);
    this.#secrets.push(secret);
  }

  hide(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  output(name: string, value: string): void {
    // Without the file the toolkit would print the value in a command that runners no longer accept.
    if (this.environment.GITHUB_OUTPUT) setOutput(name, this.hide(value));
    this.#outputs.add(name);
  }

  hasOutput(name: string): boolean {
    return this.#outputs.has(name);
  }

  /** Adds Markdown to the summary of the run, if the runner has one. */
  async summary(markdown: string): Promise<void> {
    if (this.environment.GITHUB_STEP_SUMMARY) await summary.addRaw(this.hide(markdown)).write();
  }

  /** The event's payload, parsed; `undefined` outside of a workflow. */
  payload(): unknown {
    const path = this.environment.GITHUB_EVENT_PATH;
    if (!path) return undefined;
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (cause) {
      const reason = cause instanceof SyntaxError ? 'something else' : (cause as Error).message;
      throw new Misuse([`GITHUB_EVENT_PATH expected a file with the event as JSON, got ${reason}: ${path}`]);
    }
  }
}
