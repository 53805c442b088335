import { retry } from '@holdfast/http';
import type { PinningError } from '../../target/pinning-error.ts';
import type { ApplyPorts } from './step-ports.ts';

/** A call that is made again after passing faults, each of which is told. */
export function attempt<T>(what: string, ports: ApplyPorts, call: () => Promise<T>): Promise<T> {
  return retry(call, {
    ...ports,
    onRetry: (attempt, delayMs, { code, message }: PinningError) =>
      ports.emit({ type: 'retry', what, attempt, delayMs, code, message }),
  });
}
