import type { Problem } from '@holdfast/manifest';
import type { ExitCode } from './exit-code.ts';
import type { Paint, Ports } from './ports.ts';
import type { ProgressEvent } from './progress-event.ts';

/** What completion offers besides files: the datasets of the repository, the keys and the targets at hand. */
export type NameKind = 'datasets' | 'keys' | 'targets';

export interface Flag {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: boolean;
  /** The placeholder of the value in help, for example `FILE`. */
  readonly value?: string;
  readonly about: string;
  /** The former spelling: it still works, and a note names the new one. */
  readonly formerly?: string;
  /** What its value may be the name of. */
  readonly names?: NameKind;
  /** The values it takes. Anything else is refused, with the nearest one as a hint. */
  readonly choices?: readonly string[];
}

export type Flags = Readonly<Record<string, Flag>>;

/** The values of flags by the declaration they come from. */
export type Values<F extends Flags> = string extends keyof F
  ? Readonly<Record<string, boolean | string | readonly string[] | undefined>>
  : {
      readonly [K in keyof F]: F[K] extends { type: 'boolean' }
        ? boolean
        : F[K] extends { multiple: true }
          ? readonly string[]
          : string | undefined;
    };

export interface Args<F extends Flags = Flags> {
  readonly operands: readonly string[];
  readonly flags: Values<F>;
  /** Notes on the command line itself, such as a former spelling. */
  readonly remarks: readonly string[];
}

export interface Example {
  readonly about: string;
  readonly command: string;
}

/** What a command found or did. `dispatch.ts` prints it. */
export interface Report {
  readonly exitCode: ExitCode;
  /** The `result` member of the `--json` document. */
  readonly result: unknown;
  readonly problems?: readonly Problem[];
  /** The text of files with problems, by the file name in the problem. */
  readonly sources?: ReadonlyMap<string, string>;
  /** For a person; on standard output. */
  text(paint: Paint): string;
  /** For `--quiet`: the one value a script wants, if any. */
  readonly quiet?: string;
}

/** What a command needs besides its arguments. */
export interface Tools extends Ports {
  /** True if a person can answer: a terminal on both sides and no `--json`. */
  readonly interactive: boolean;
  readonly progress: (event: ProgressEvent) => void;
  /** What is waited for until progress has something to say: a person reads it after two seconds. */
  readonly waitingFor: (what: string) => void;
  readonly program: Program;
  /** Writes to standard output at once; undefined where that is for one line of JSON or one value. */
  readonly print: ((text: string) => void) | undefined;
  /** Writes one line of JSON at once; only with `--json`. The report's own line comes last. */
  readonly line: ((document: object) => void) | undefined;
  /** A note for a person, at once, on standard error. Silent with `--quiet` and `--json`. */
  readonly note: (text: string) => void;
}

/** What a command's own file says. Its name and summary are in the table, which help reads without loading the command. */
export interface CommandBody<F extends Flags = Flags> {
  /** Operands as help shows them, for example `FILE…`. */
  readonly operands: string;
  /** The fewest and the most operands. */
  readonly arity: readonly [number, number];
  readonly flags: F;
  /** What its operands may be the names of. */
  readonly names?: NameKind;
  readonly about?: string;
  readonly examples: readonly Example[];
  /** How to continue after Ctrl-C or SIGTERM. */
  readonly resume?: string;
  run(args: Args<F>, tools: Tools): Promise<Report>;
}

/** Keeps each flag's literal type, so that `run` knows which values are lists. */
export function defineCommand<const F extends Flags>(command: CommandBody<F>): CommandBody<F> {
  return command;
}

/** What help shows without loading the command. */
export interface CommandEntry {
  readonly group: 'describe' | 'check' | 'keep' | 'set up';
  readonly summary: string;
  load(): Promise<CommandBody>;
}

export interface Command extends CommandBody {
  readonly name: string;
  readonly summary: string;
}

export type CommandTable = Readonly<Record<string, CommandEntry>>;

export interface Program {
  readonly commands: CommandTable;
  readonly version: string;
}
