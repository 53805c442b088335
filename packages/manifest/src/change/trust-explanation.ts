import type { Trust } from '../trust/trust.ts';
import { type FallenManifest, fallenLine, mergedEffect } from './fallen-manifests.ts';
import type { ManifestFile } from './manifest-index.ts';
import { trustDifference } from './trust-difference.ts';

/** What a change of keys and policy means for who may sign, in sentences. */
export interface TrustExplanation {
  /** What a reviewer must not miss. */
  readonly warnings: readonly string[];
  /** Keys by signer, rules, tiers, revocations and the root: before and after. */
  readonly lines: readonly string[];
  /** Merged manifests that no longer have the signatures they need. */
  readonly fallen: readonly FallenManifest[];
}

export interface ExplainOptions {
  readonly at: Date;
  readonly maxBytes?: number | undefined;
}

/** Explains the change from one trust to another, and what it does to the manifests that are merged and stay. */
export async function explainTrust(
  before: Trust,
  after: Trust,
  merged: readonly ManifestFile[],
  options: ExplainOptions,
): Promise<TrustExplanation> {
  const { warnings, lines } = trustDifference(before, after);
  if (!after.usable) return { warnings, lines, fallen: [] };
  const { fallen, orphaned } = await mergedEffect(merged, before, after, options);
  return {
    warnings: [...warnings, ...orphaned.map((name) => `nobody can sign for ${name} any more`)],
    lines,
    fallen,
  };
}

/** What a reviewer must not miss, as lines: the same words on the page, in the log and on the command line. */
export function warningLines({ warnings, fallen }: TrustExplanation): string[] {
  const named = fallen.slice(0, namedAtMost).map(fallenLine);
  const more = fallen.length - named.length;
  return [...warnings, ...named, ...(more > 0 ? [`and ${more} more merged manifests`] : [])];
}

const namedAtMost = 20;
