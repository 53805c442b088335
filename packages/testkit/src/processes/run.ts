import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lifelines } from './lifelines.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { type RunOwner, runPrefix, runVariable, sweepDeadRuns, sweepRun } from './run-sweep.ts';

/** A program, and how to start it. */
export interface Program {
  name: string;
  binary: string;
  args: string[];
  env: Record<string, string>;
  /** Default: the run's folder. */
  cwd?: string;
}

/** A folder under the system's temporary one, and the processes that work in it. Neither outlives its owner. */
export class Run {
  readonly folder: string;
  readonly #watchdog: ChildProcess;
  #closed = false;

  private constructor(folder: string, above: ProcessIdentity[]) {
    this.folder = folder;
    const owner: RunOwner = { owner: own(), lifelines: above };
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    mkdirSync(join(folder, 'processes'));
    const script = fileURLToPath(new URL('./watchdog.ts', import.meta.url));
    this.#watchdog = spawn(process.execPath, [script, folder, JSON.stringify(owner)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#watchdog.unref();
    (this.#watchdog.stdin as unknown as { unref(): void }).unref();
  }

  static async open(): Promise<Run> {
    const above = lifelines();
    await sweepDeadRuns();
    return new Run(mkdtempSync(join(tmpdir(), runPrefix)), above);
  }

  start(program: Program): RunProcess {
    if (this.#closed) throw new Error(`${program.name} cannot start: its run is closed`);
    const logFile = join(this.folder, `${program.name}.log`);
    const log = openSync(logFile, 'a');
    const logStart = fstatSync(log).size;
    try {
      const child = spawn(program.binary, program.args, {
        cwd: program.cwd ?? this.folder,
        env: this.environment(program.env),
        stdio: ['ignore', log, log],
      });
      const process = new RunProcess(program.name, child, logFile, logStart);
      this.record(program.name, process.identity);
      return process;
    } finally {
      closeSync(log);
    }
  }

  /** Notes down a process that is to end with this run. */
  record(name: string, identity: ProcessIdentity | undefined): void {
    if (!identity) return;
    writeFileSync(join(this.folder, 'processes', `${identity.pid}-${identity.startTime}`), name);
  }

  /** Nothing of the user's own settings reaches an engine: CLUSTER_… and IPFS_… variables would change what it does. */
  environment(extra: Record<string, string>): Record<string, string> {
    return { PATH: process.env.PATH ?? '', HOME: this.folder, [runVariable]: this.folder, ...extra };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await sweepRun(this.folder);
    this.#watchdog.stdin?.end();
  }
}

/** A process of a run. Its output goes to a file, which can be read while it runs and after. */
export class RunProcess {
  readonly name: string;
  readonly identity: ProcessIdentity | undefined;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #logStart: number;
  readonly #ended: Promise<void>;
  #failure: Error | undefined;

  constructor(name: string, child: ChildProcess, logFile: string, logStart: number) {
    this.name = name;
    this.#child = child;
    this.#logFile = logFile;
    this.#logStart = logStart;
    this.#ended = new Promise((done) => {
      child.once('exit', () => done());
      child.once('error', (error) => {
        this.#failure = error;
        done();
      });
    });
    this.identity = child.pid === undefined ? undefined : identify(child.pid);
    child.unref();
  }

  get running(): boolean {
    return !this.#failure && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it has written, after what an earlier process of the same name had. */
  get logs(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** Whether this process, and not an earlier one of the same name, has written the text. */
  wrote(text: string): boolean {
    return readFileSync(this.#logFile).indexOf(text, this.#logStart) >= 0;
  }

  /** Waits until `ready` gives a value; fails with the end of the log when the process ends or the time is over. */
  async until<T>(what: string, ready: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    while (this.running) {
      const value = await ready().catch(() => undefined);
      if (value !== undefined) return value;
      if (Date.now() > deadline) {
        throw new Error(
          `${this.name}: ${what} was expected within ${timeoutMs / 1000} s\n${this.#lastLines()}`,
        );
      }
      await sleep(50);
    }
    if (this.wrote('address already in use'))
      throw new PortTaken(`${this.name}: another program took its port, each time that it was started`);
    throw new Error(`${this.name} ended before ${what}\n${this.#lastLines()}`, { cause: this.#failure });
  }

  /** Waits for its end and gives its exit code; null when a signal ended it. */
  async exit(timeoutMs: number): Promise<number | null> {
    const late = sleep(timeoutMs, 'late', { ref: false });
    if ((await Promise.race([this.#ended, late])) === 'late') {
      throw new Error(`${this.name} did not end within ${timeoutMs / 1000} s\n${this.#lastLines()}`);
    }
    if (this.#failure) throw new Error(`${this.name} could not be started`, { cause: this.#failure });
    return this.#child.exitCode;
  }

  /** `kill` is a crash; `graceful` lets it put its things in order first. */
  async stop(how: 'kill' | 'graceful' = 'kill'): Promise<void> {
    if (this.running) this.#child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    const giveUp = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await this.#ended;
    clearTimeout(giveUp);
  }

  #lastLines(): string {
    return this.logs.trim().split('\n').slice(-20).join('\n');
  }
}

/** Somebody else took a port between its choice and its use. Whoever starts an engine starts it again with others. */
export class PortTaken extends Error {
  override name = 'PortTaken';
}

let commands: Promise<Run> | undefined;

/** The run of short commands, one for all of a process: closed by its watchdog when the process ends. */
export function commandRun(): Promise<Run> {
  commands ??= Run.open();
  return commands;
}

function own(): ProcessIdentity {
  const identity = identify(process.pid);
  if (!identity) throw new Error('this process does not find itself in the process table');
  return identity;
}
