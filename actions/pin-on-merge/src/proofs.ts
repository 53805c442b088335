import type { Repair } from '@holdfast/datasets/proof';
import type { CidResult, PinTarget } from '@holdfast/pinning';
import type { CopyProof } from '@holdfast/retrieval/proof';

/** What the inputs of the action say of proofs. */
export interface ProofOptions {
  readonly prove: 'off' | 'auto' | 'require';
  readonly proveBlocks: number;
  readonly proveBytes: number;
  /** Of the whole run. */
  readonly timeoutMs: number;
}

export interface ProofPorts {
  /** Of the run, and its time: what the draws come from. */
  readonly commit: string;
  readonly at: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What peers were asked to show in a run, and what was done about it. */
export interface FoundProofs {
  readonly proofs: readonly CopyProof[];
  readonly repairs: readonly Repair[];
  /** CIDs that the budget left no room for. */
  readonly left: readonly string[];
}

export interface RunProofs {
  /** The target as it was proved. */
  readonly target: PinTarget;
  look(cids: readonly string[]): Promise<void>;
  settle(results: readonly CidResult[]): Promise<boolean>;
  found(): FoundProofs;
  close(): Promise<void>;
}
