import { sha256 } from '@holdfast/manifest/sha256';

/** How the looking is spread over days, for runs that come daily. */
export interface ProofSpread {
  /** Each dataset is drawn from at least once in so many days. */
  readonly datasetDays: number;
  /** Each byte is read at least once in so many days. */
  readonly byteDays: number;
}

export const defaultSpread: ProofSpread = { datasetDays: 7, byteDays: 90 };

const dayMs = 86_400_000;

/** Whether it is a dataset's day, by its CID and the date alone: nothing needs to be remembered between runs. */
export function isDue(cid: string, at: Date, { datasetDays }: ProofSpread): boolean {
  const day = Math.floor(at.getTime() / dayMs);
  return (day + turnOf(cid)) % datasetDays === 0;
}

/** The part of a dataset that is read through on its day: in turn, so that all of them together are the whole. */
export function dueShare(cid: string, at: Date, spread: ProofSpread): { from: number; to: number } {
  const parts = Math.max(1, Math.floor(spread.byteDays / spread.datasetDays));
  const day = Math.floor(at.getTime() / dayMs);
  const part = Math.floor((day + turnOf(cid)) / spread.datasetDays) % parts;
  return { from: part / parts, to: (part + 1) / parts };
}

/** Those that are due first, then the others as the seed has it, so that a budget that is too small leaves out others each time. */
export function inProofOrder(
  cids: readonly string[],
  seed: string,
  at: Date,
  spread: ProofSpread | undefined,
): string[] {
  const rank = new Map(
    cids.map(
      (cid) =>
        [
          cid,
          (spread !== undefined && isDue(cid, at, spread) ? 0 : 2 ** 32) + number(`${seed}\n${cid}`),
        ] as const,
    ),
  );
  return [...rank.keys()].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

function turnOf(cid: string): number {
  return number(cid);
}

function number(text: string): number {
  const hash = sha256(new TextEncoder().encode(text));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}
