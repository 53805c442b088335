import { HttpError } from '@holdfast/http';

/**
 * - `absent`: this source does not have the block
 * - `timeout`: no answer in time
 * - `passing`: another fault that may be gone a moment later
 * - `final`: a lie, a refusal, a page for people; the source is out for good
 */
export type FaultKind = 'absent' | 'timeout' | 'passing' | 'final';

/** Why one source did not give one thing. Kept inside: callers see the faults of all sources in one RetrievalError. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault';
  readonly kind: FaultKind;
  /** How long the source asked to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: FaultKind,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What a failure means. The caller's own abort is thrown as it is. */
export function asFault(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (!(error instanceof HttpError)) return error;
  const { endpoint, message, retryAfterMs } = error;
  const said =
    endpoint !== undefined && message.startsWith(`${endpoint}: `)
      ? message.slice(endpoint.length + 2)
      : message;
  return new GatewayFault(kindOf(error), said, { cause: error, retryAfterMs });
}

function kindOf({ code, retryable }: HttpError): FaultKind {
  if (code === 'not-found') return 'absent';
  if (code === 'timeout') return 'timeout';
  return retryable ? 'passing' : 'final';
}
