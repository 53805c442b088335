import { type Manifest, tierNames } from '../manifest/manifest.ts';
import { datasetContext } from '../signing/payload.ts';
import { verifySignatures } from '../signing/verify.ts';
import { couldSign, countedSigner } from './counted-signer.ts';
import type { Trust, TrustRule, TrustTime } from './trust.ts';

/**
 * Who may also ask for less of a merged dataset: all signers of the merged revision. If no rule matches its path any more,
 * those who can still sign are enough, because nobody else could.
 */
export function mergedSignersRule(
  merged: Manifest,
  trust: Trust,
  at: TrustTime,
  hasRule: boolean,
): TrustRule | undefined {
  const { dataset, signatures } = merged;
  const everyone = [...trust.signers.keys()];
  const counted = verifySignatures(
    dataset,
    signatures,
    datasetContext,
    (keyid) => trust.keys.get(keyid)?.key,
  ).map((verdict) => countedSigner(verdict, trust, everyone, 'merged'));
  const signers = [...new Set(counted.filter((name) => typeof name === 'string'))];
  if (!hasRule) return signersRule(signers.filter((name) => couldSign(name, trust, at)));
  return counted.every((name) => typeof name === 'string') ? signersRule(signers) : undefined;
}

/** All of them must sign. */
function signersRule(signers: readonly string[]): TrustRule | undefined {
  if (signers.length === 0) return undefined;
  return { patterns: [], matches: () => false, signers, threshold: signers.length, tiers: tierNames };
}
