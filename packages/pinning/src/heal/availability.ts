/** The share of time an ordinary peer can be reached, where nothing better is known. */
export const assumedPeerAvailability = 0.95;

export interface Availability {
  readonly copies: number;
  /** Of one peer: p. */
  readonly peer: number;
  /** That no copy can be reached: (1 - p) ^ copies, if peers fail independently. */
  readonly unavailable: number;
  /** That at least one can. */
  readonly available: number;
}

/**
 * How likely data with this many copies can be reached, peers failing independently of each other.
 *
 * @example
 * ```ts
 * import { availabilityOf } from '@holdfast/pinning';
 *
 * console.log(availabilityOf(3, 0.9).available.toFixed(3)); // prints: 0.999
 * ```
 */
export function availabilityOf(copies: number, peer: number = assumedPeerAvailability): Availability {
  if (!Number.isSafeInteger(copies) || copies < 0)
    throw new RangeError(`copies expected a whole number, got ${copies}`);
  if (!(peer >= 0 && peer <= 1)) throw new RangeError(`peer availability expected from 0 to 1, got ${peer}`);
  const unavailable = (1 - peer) ** copies;
  return { copies, peer, unavailable, available: 1 - unavailable };
}
