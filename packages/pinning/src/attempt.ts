import type { ApplyPorts } from './apply-ports.ts';
import { retry } from './back-off.ts';

/** A call that is made again after passing faults, each of which is told. */
export function attempt<T>(what: string, ports: ApplyPorts, call: () => Promise<T>): Promise<T> {
  return retry(call, {
    ...ports,
    onRetry: (attempt, delayMs, { code, message }) =>
      ports.emit({ type: 'retry', what, attempt, delayMs, code, message }),
  });
}
