/** An error in the shape of the packages' own: a code that says what to do about it. */
export function failure(
  code: 'refused' | 'unauthorized' | 'unavailable',
  message: string,
  cause?: unknown,
): Error {
  const deeper = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
  return Object.assign(new Error(`${message}${deeper}`, { cause }), { code });
}
