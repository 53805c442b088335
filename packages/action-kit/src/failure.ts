/** How our processes end. The table for users is docs/exit-codes.md. */
export const exitCode = { ok: 0, problems: 1, misuse: 2, world: 3 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The workflow is wrong: an input, an event, a permission. The message says what to write instead. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** Packages document errors with a `code`: the world failed. Any other error is a bug, and its stack helps. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof Misuse ? exitCode.misuse : exitCode.world;
}

const issues = 'https://github.com/holdfast-data/holdfast/issues';

/** What to show of a failure in sentences: its messages, then the causes. The stack of a bug is shown to who debugs. */
export function failureLines(error: unknown, debug = false): string[] {
  if (error instanceof Misuse) return [...error.faults];
  if (!(error instanceof Error)) return [String(error)];
  const known = typeof (error as { code?: unknown }).code === 'string';
  const lines = known ? [error.message] : bugLines(error, debug);
  for (let cause = error.cause; cause instanceof Error && lines.length < 20; cause = cause.cause) {
    lines.push(`caused by: ${cause.message}`);
  }
  return lines;
}

function bugLines({ name, message, stack = '' }: Error, debug: boolean): string[] {
  const sentence = `${name}: ${message || 'no message'}; this is a bug of the action, please report it: ${issues}`;
  const told = debug ? stack.split('\n').slice(1) : [];
  return [sentence.replaceAll('\n', ' '), ...told];
}
