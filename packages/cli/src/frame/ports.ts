/** Where text goes. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  write(text: string): void;
}

/** Where answers and piped data come from. */
export interface Input {
  readonly isTTY: boolean;
  /** One line from the person at the terminal; `hidden` shows nothing of what is typed. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string>;
  /** All of standard input. */
  read(): Promise<Uint8Array>;
}

/** Everything of the outside world a command can touch besides the files it is pointed at. */
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
