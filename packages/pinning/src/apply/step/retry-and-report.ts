import { retry } from '@holdfast/http';
import type { PinningError } from '../../target/pinning-error.ts';
import type { StepPorts } from './step-ports.ts';

/** A call that is made again after passing faults, each of which is told. */
export function retryAndReport<T>(what: string, ports: StepPorts, call: () => Promise<T>): Promise<T> {
  return retry(call, {
    ...ports,
    onRetry: (attempt, delayMs, { code, message }: PinningError) =>
      ports.emit({ type: 'retry', what, attempt, delayMs, code, message }),
  });
}
