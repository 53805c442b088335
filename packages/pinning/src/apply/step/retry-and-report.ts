import { retry } from '@holdfast/http';
import type { ApplyPorts } from './apply-ports.ts';
import type { PinningError } from './pinning-error.ts';

/** A call that is made again after passing faults, each of which is told. */
export function attempt<T>(what: string, ports: ApplyPorts, call: () => Promise<T>): Promise<T> {
  return retry(call, {
    ...ports,
    onRetry: (attempt, delayMs, { code, message }: PinningError) =>
      ports.emit({ type: 'retry', what, attempt, delayMs, code, message }),
  });
}
