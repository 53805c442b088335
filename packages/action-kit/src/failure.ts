/** What a process of ours ends with. The table for users is docs/exit-codes.md. */
export const exitCode = { ok: 0, problems: 1, misuse: 2, world: 3 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The workflow is not right: an input, an event, a missing permission. The message says what to write instead. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** An error with a `code` is one the packages document: the world failed. Any other is a bug, and its stack is worth having. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof Misuse ? exitCode.misuse : exitCode.world;
}

/** What to show of a failure: one message each, causes after it. */
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
