import type { Credentials } from './credentials.ts';

/**
 * The cause of a failure as a plain error: Node's own can carry the bytes of an answer, and a server may
 * answer with what it was sent.
 */
export function safeCause(error: unknown, credentials: Credentials): Error {
  const message = error instanceof Error ? error.message : String(error);
  const safe = new Error(credentials.redact(message));
  const code = errorCode(error);
  return Object.assign(safe, code === undefined ? {} : { code: credentials.redact(code) });
}

export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
