import type { PublicKey } from '../keys/public-key.ts';
import type { Tier } from '../manifest/manifest.ts';
import type { ListLimits } from '../policy/list-limits.ts';
import type { Policy, PolicyDocument } from '../policy/policy.ts';
import type { TierCopies } from '../policy/tiers.ts';

/** Files beside the keys are not read beyond it. */
export const maxTrustBytes = 1024 * 1024;

/** A file of the folder of public keys; the path is relative to the folder: `alice.pub`, `policy.json`. */
export interface TrustFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface TrustSigner {
  readonly name: string;
  readonly keys: readonly PublicKey[];
  readonly github?: string;
  readonly validFrom?: Date;
  readonly validUntil?: Date;
}

export interface TrustRule {
  readonly patterns: readonly string[];
  matches(path: string): boolean;
  readonly signers: readonly string[];
  readonly threshold: number;
  readonly tiers: readonly Tier[];
  readonly maxTotalSize?: number;
}

export interface Revocation {
  readonly keyid: string;
  readonly reason: string;
  readonly since?: Date;
}

/** Who may sign what, from the files of one commit. */
export interface Trust {
  /** False after an error in its files: then nobody is trusted. */
  readonly usable: boolean;
  readonly signers: ReadonlyMap<string, TrustSigner>;
  readonly keys: ReadonlyMap<string, { readonly key: PublicKey; readonly signer: string }>;
  readonly rules: readonly TrustRule[];
  readonly tiers: Readonly<Record<Tier, TierCopies>>;
  readonly revoked: ReadonlyMap<string, Revocation>;
  readonly listLimits: ListLimits;
  /** The IPNS name of a dataset, by the dataset's name. */
  readonly names: ReadonlyMap<string, string>;
  readonly root?: { readonly signers: readonly string[]; readonly threshold: number };
  readonly policy?: Policy;
  /** The policy with its signatures. */
  readonly document?: PolicyDocument;
}

/**
 * When the question is asked. `merged` is for what is on the base branch: a validity window that ended since does not matter,
 * a revocation does.
 */
export type TrustTime = Date | 'merged';
