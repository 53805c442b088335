import type { SeenProofs } from '../seen/observation.ts';

/** Adds what one line says of proofs to a sum. */
export function addProofs(
  sum: { -readonly [K in keyof SeenProofs]: number },
  seen: SeenProofs | undefined,
): void {
  if (seen === undefined) return;
  sum.proved += seen.proved;
  sum.refuted += seen.refuted;
  sum.unreachable += seen.unreachable;
}
