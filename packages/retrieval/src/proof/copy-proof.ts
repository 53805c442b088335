/**
 * - `proved`: every block asked for was shown, and is what its CID says
 * - `refuted`: the place says that it lacks blocks, or gave other bytes: this is not a copy
 * - `unreachable`: it could not be asked, or did not answer; nothing is known
 */
export type ProofVerdict = 'proved' | 'refuted' | 'unreachable';

/** What one place could show of one CID. A plain value: it survives JSON. */
export interface CopyProof {
  readonly cid: string;
  readonly peer: string;
  readonly name?: string;
  readonly region?: string;
  readonly verdict: ProofVerdict;
  /** For people. */
  readonly why: string;
  /** How the blocks were chosen: drawn places, or all in a share of the bytes. */
  readonly draws?: number;
  readonly share?: { readonly from: number; readonly to: number };
  /** Drawn places that are lost. */
  readonly lostDraws?: number;
  /** Blocks that were shown, and their bytes. */
  readonly blocks: number;
  readonly bytes: number;
  /** Blocks that were not: their CIDs, a thousand at most, and how many there are. */
  readonly missing: readonly string[];
  readonly damaged: readonly string[];
  readonly lost: number;
  /** How likely these draws would have found that 5 % of the bytes are lost. */
  readonly findsLossOf5?: number;
  /** The sizes in the DAG do not add up, so the draw was not uniform. */
  readonly uneven?: boolean;
  /** With the CID and the peer it gives the draw. */
  readonly seed: string;
  readonly at: string;
  readonly ms: number;
  /** The longest that one block took. */
  readonly longestMs: number;
}
