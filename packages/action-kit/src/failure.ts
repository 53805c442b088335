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

/** What to show of a failure: its messages, then the causes. */
export function failureLines(error: unknown): string[] {
  if (error instanceof Misuse) return [...error.faults];
  if (!(error instanceof Error)) return [String(error)];
  const known = typeof (error as { code?: unknown }).code === 'string';
  const lines = known ? [error.message] : (error.stack ?? error.message).split('\n');
  for (let cause = error.cause; cause instanceof Error && lines.length < 20; cause = cause.cause) {
    lines.push(`caused by: ${cause.message}`);
  }
  return lines;
}
