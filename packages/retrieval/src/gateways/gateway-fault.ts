/** Why one source did not give one thing. Kept inside: callers see the faults of all sources in one RetrievalError. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault';
  /**
   * `passing` faults may be gone a moment later; `absent` says that this source does not have the block; `final`
   * ones (lies, refusals, pages for people) take the source out for good.
   */
  readonly kind: 'passing' | 'absent' | 'final';
  /** How long the source asked to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: GatewayFault['kind'],
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
