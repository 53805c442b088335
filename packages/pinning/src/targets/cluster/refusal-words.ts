import type { PinningErrorCode } from '../../target/pinning-error.ts';

/**
 * IPFS Cluster answers 500 to faults and to refusals alike; only its words tell them apart. From the sources
 * of version 1.0.8 (cluster.go, allocate.go, adder); what is not here counts as a passing fault.
 */
const refusals: readonly (readonly [RegExp, PinningErrorCode])[] = [
  [/not enough peers to allocate/i, 'not-enough-peers'],
  [/replication_factor_(min|max)|bad replication factors/i, 'invalid'],
  [/ExpireAt set before current time/i, 'invalid'],
  [/cannot repin (a )?CID|pin type cannot be updated|cannot unpin a /i, 'invalid'],
  [/follower mode/i, 'unsupported'],
  [/not part of the pinset/i, 'not-found'],
  [/error decoding|cannot be parsed|is invalid|not support/i, 'invalid'],
  [/single root|CAR file|\bcar (header|version)|mismatch in content/i, 'invalid'],
];

export function clusterRefusal(status: number, message: string): PinningErrorCode | undefined {
  if (status !== 500) return undefined;
  return refusals.find(([words]) => words.test(message))?.[1];
}
