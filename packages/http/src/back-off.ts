import type { Clock } from './clock.ts';
import { HttpError, type HttpErrorCode } from './http-error.ts';

export interface BackOff {
  readonly attempts: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

export const defaultBackOff: BackOff = { attempts: 5, firstMs: 250, longestMs: 15_000 };

/** How long to wait before try `attempt` + 1: doubled each time, and half of it left to chance so that clients spread out. */
export function delayBefore(attempt: number, { firstMs, longestMs }: BackOff, random: () => number): number {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}

export interface RetryPorts<Code extends string = HttpErrorCode> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly backOff?: BackOff | undefined;
  readonly onRetry?: ((attempt: number, delayMs: number, error: HttpError<Code>) => void) | undefined;
}

/** A server that asks for a longer pause is not waited for: the error says how long it asked for. */
const longestRestMs = 600_000;

/** Runs `call` again after passing faults; a refusal or misuse is never tried twice. When time runs out first, throws the fault. */
export async function retry<T, Code extends string = HttpErrorCode>(
  call: () => Promise<T>,
  ports: RetryPorts<Code>,
): Promise<T> {
  const backOff = ports.backOff ?? defaultBackOff;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const again = error instanceof HttpError && error.retryable && attempt < backOff.attempts;
      if (!again || ports.signal?.aborted === true) throw error;
      const rest = error.retryAfterMs ?? 0;
      if (rest > longestRestMs) throw error;
      const delay = Math.max(rest, delayBefore(attempt, backOff, ports.random));
      ports.onRetry?.(attempt, delay, error);
      await ports.clock.sleep(delay, ports.signal).catch(() => {
        throw error;
      });
    }
  }
}
