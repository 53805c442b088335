export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colours for one stream, or none. */
export type Paint = Readonly<Record<Colour, (text: string) => string>>;

/** Where text goes. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  write(text: string): void;
}

/** The source of answers and piped data. */
export interface Input {
  readonly isTTY: boolean;
  /** One line from the person at the terminal. `hidden` does not show what is typed. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string>;
  /** All of standard input. */
  read(): Promise<Uint8Array>;
}

/** The outside world of a command, besides the files it is given. */
export interface Ports {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: () => Date;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}
