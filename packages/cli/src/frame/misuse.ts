/** The command line, or something it names, can't be used as it is. Ends with exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly hint?: string;

  constructor(message: string, hint?: string) {
    super(message);
    if (hint !== undefined) this.hint = hint;
  }
}
