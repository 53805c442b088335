/** A mistake in somebody's data, as a value: what happened, where, and what to do. */
export interface Problem {
  /** Stable, `area/kebab-name`, listed in the catalogue. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: what was expected, and what came. Text from the input is escaped. */
  readonly message: string;
  /** The file, relative to the repository or as given; absent if the reader had only bytes. */
  readonly file?: string;
  /** JSON pointer (RFC 6901); `''` is the whole document. */
  readonly path: string;
  /** From 1; columns count UTF-16 units. Both are 1 if the place is unknown. */
  readonly line: number;
  readonly column: number;
  /** What to do: if possible, a command to paste. */
  readonly hint?: string;
}
