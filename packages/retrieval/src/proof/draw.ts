import { sha256 } from '@holdfast/manifest/sha256';

/** What a draw depends on: anyone who knows it can draw the same. */
export interface DrawSeed {
  /** Of the run, for example its commit and time: nobody can know it before. */
  readonly seed: string;
  readonly cid: string;
  readonly peer: string;
}

/**
 * Which bytes of a copy are looked at: `count` places below `total`, uniform and independent of each other. Place i is the
 * first 64 bits of SHA-256(seed LF cid LF peer LF i), as a share of 2^64, of `total`, rounded down.
 */
export function drawPlaces({ seed, cid, peer }: DrawSeed, count: number, total: number): number[] {
  const encoder = new TextEncoder();
  return Array.from({ length: count }, (_, i) => {
    const hash = sha256(encoder.encode(`${seed}\n${cid}\n${peer}\n${i}`));
    const share = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
    return Number((share * BigInt(total)) >> 64n);
  });
}

/** How likely `draws` places find that a share of all bytes is lost: 1 - (1 - share)^draws. */
export function findChance(draws: number, share: number): number {
  if (!Number.isSafeInteger(draws) || draws < 0)
    throw new RangeError(`draws expected a whole number, got ${draws}`);
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share expected from 0 to 1, got ${share}`);
  return 1 - (1 - share) ** draws;
}
