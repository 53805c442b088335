import type { Clock } from './clock.ts';
import { PinningError } from './pinning-error.ts';

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

export interface RetryPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal;
  readonly backOff?: BackOff;
  readonly onRetry?: (attempt: number, delayMs: number, error: PinningError) => void;
}

/** A target that wants to be left alone for longer is not waited for: the error says how long it asked for. */
const longestRestMs = 600_000;

/**
 * Runs `call` again after passing faults; what was refused, or is wrong, is never tried twice. Where the time is over
 * before the next try, the fault is what there is to say.
 */
export async function retry<T>(call: () => Promise<T>, ports: RetryPorts): Promise<T> {
  const backOff = ports.backOff ?? defaultBackOff;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const again = error instanceof PinningError && error.retryable && attempt < backOff.attempts;
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
