import { PinningError } from '../../target/pinning-error.ts';

export const attempts = 3;

/** A stream that was cut, or went on in no sense, is the fault of the endpoint: the next one asked is another. */
export function isBroken(error: unknown): boolean {
  return error instanceof PinningError && (error.retryable || error.code === 'bad-response');
}

/** Reads a list again whose stream broke. */
export async function retryTruncated<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isBroken(error) || attempt >= attempts) throw error;
    }
  }
}
