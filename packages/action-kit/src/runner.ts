import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { printable } from './printable.ts';
import { workflowCommand } from './workflow-command.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the runner takes from an action: lines on standard output, and the files it names in the environment. */
export interface RunnerPorts {
  readonly environment: Environment;
  readonly write: (text: string) => void;
  readonly append: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  readonly random: () => string;
}

export function processPorts(): RunnerPorts {
  return {
    environment: process.env,
    write: (text) => process.stdout.write(text),
    append: (path, text) => appendFileSync(path, text),
    read: (path) => readFileSync(path, 'utf8'),
    random: randomUUID,
  };
}

export class Runner {
  readonly environment: Environment;
  readonly #ports: RunnerPorts;
  readonly #secrets: string[] = [];

  constructor(ports: RunnerPorts) {
    this.environment = ports.environment;
    this.#ports = ports;
  }

  /** One line of log, whatever the text holds. */
  line(text = ''): void {
    this.#ports.write(`${printable(this.hide(text))}\n`);
  }

  /** Lines under a heading that opens on a click. */
  group(title: string, body: () => void): void {
    this.command('group', {}, printable(title));
    try {
      body();
    } finally {
      this.command('endgroup', {}, '');
    }
  }

  command(
    name: string,
    properties: Readonly<Record<string, string | number | undefined>>,
    message: string,
  ): void {
    this.#ports.write(`${workflowCommand(name, properties, this.hide(message))}\n`);
  }

  /** Before the value is used for the first time. The runner hides it from the log; `hide` from everything else. */
  mask(secret: string): void {
    // A short or empty value would turn the log into asterisks and hide nothing.
    if (secret.length < 4) return;
    for (const line of secret.split(/\r?\n/))
      if (line.length >= 4) this.#ports.write(`${workflowCommand('add-mask', {}, line)}\n`);
    this.#secrets.push(secret);
  }

  hide(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  output(name: string, value: string): void {
    const path = this.environment.GITHUB_OUTPUT;
    if (!path) return;
    // The delimiter cannot be known to who wrote the value.
    const delimiter = `ghadelimiter_${this.#ports.random()}`;
    this.#ports.append(path, `${name}<<${delimiter}\n${this.hide(value)}\n${delimiter}\n`);
  }

  /** Markdown for the run's page; false where the runner has no place for it. */
  summary(markdown: string): boolean {
    const path = this.environment.GITHUB_STEP_SUMMARY;
    if (!path) return false;
    this.#ports.append(path, this.hide(markdown));
    return true;
  }

  /** The event's payload, parsed; `undefined` outside of a workflow. */
  payload(): unknown {
    const path = this.environment.GITHUB_EVENT_PATH;
    return path ? JSON.parse(this.#ports.read(path)) : undefined;
  }
}
