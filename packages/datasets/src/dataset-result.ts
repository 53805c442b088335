import type { Tier } from '@holdfast/manifest';
import type { Copies, PeerExplanation, PinningErrorCode, StepKind } from '@holdfast/pinning';
import type { AcceptedManifest } from './accepted-manifest.ts';
import type { DatasetVerdict } from './verdict.ts';

/** How one dataset came out. A plain value that can be written as JSON. */
export interface DatasetResult {
  /** `name@version`; a manifest that could not be read has none. */
  readonly id?: string;
  /** Path of the manifest in the repository. */
  readonly manifest: string;
  readonly verdict: DatasetVerdict;
  /** One sentence: what holds, or what is missing, where and why. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly todo?: string;
  readonly cid?: string;
  /** SHA-256 of the canonical dataset, in hex. */
  readonly digest?: string;
  readonly tier?: Tier;
  readonly size?: number;
  readonly signedBy?: readonly string[];
  readonly step?: StepKind;
  readonly wanted?: Copies;
  readonly copies?: number;
  readonly regions?: readonly string[];
  readonly peers?: readonly PeerExplanation[];
  readonly error?: PinningErrorCode;
  readonly elapsedMs?: number;
  readonly retrieval?: RetrievalResult;
}

/** Blocks fetched back through gateways. */
export interface RetrievalResult {
  readonly ok: boolean;
  readonly blocks: number;
  readonly bytes: number;
  readonly gateways: readonly string[];
  /** One sentence for each block that no gateway served. */
  readonly missing: readonly string[];
}

/** The part of a result that the manifest says by itself, before any target is asked. */
export function describeDataset(
  id: string,
  { path, manifest: { dataset }, digest, trust }: AcceptedManifest,
) {
  return {
    id,
    manifest: path,
    cid: dataset.cid,
    digest,
    tier: dataset.tier,
    size: dataset.totalSize,
    signedBy: trust.signedBy,
  };
}
