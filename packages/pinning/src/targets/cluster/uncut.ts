import { PinningError } from '../../pinning-error.ts';

export const attempts = 3;

export function isCut(error: unknown): boolean {
  return error instanceof PinningError && error.code === 'truncated';
}

/** Reads a list again whose stream was cut: another endpoint is asked first then. */
export async function uncut<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isCut(error) || attempt >= attempts) throw error;
    }
  }
}
