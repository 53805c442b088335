import type { ProblemDraft } from '../problem/problem-draft.ts';
import type { SignatureVerdict } from '../signing/verify.ts';
import { show } from '../text/display.ts';
import type { Trust, TrustSigner, TrustTime } from './trust.ts';

/** The signer of a signature that counts, or why it does not count. Checks the key, the signature, then the policy. */
export function countedSigner(
  verdict: SignatureVerdict,
  trust: Trust,
  eligible: readonly string[],
  at: TrustTime,
): string | ProblemDraft {
  const { keyid } = verdict;
  const revocation = revocationProblem(trust, keyid, at);
  if (revocation !== undefined) return revocation;
  if (verdict.problem !== undefined) {
    const { code, message, hint } = verdict.problem;
    return { code: code as ProblemDraft['code'], message, ...(hint !== undefined && { hint }) };
  }
  const signer = trust.signers.get(trust.keys.get(keyid)?.signer ?? '');
  if (signer === undefined)
    return { code: 'trust/unknown-key', message: `the key ${keyid} belongs to no signer` };
  const window = at === 'merged' ? undefined : validityProblem(signer, at);
  if (window !== undefined) return window;
  if (eligible.includes(signer.name)) return signer.name;
  const message = `${signer.name} signed, and is not among the signers of the rule: ${eligible.join(', ')}`;
  return { code: 'trust/not-in-rule', message };
}

/** True if the signer could sign now: inside the validity window, with a key that is not revoked. */
export function couldSign(name: string, trust: Trust, at: TrustTime): boolean {
  const signer = trust.signers.get(name);
  if (signer === undefined || (at !== 'merged' && validityProblem(signer, at) !== undefined)) return false;
  return signer.keys.some(({ keyid }) => revocationProblem(trust, keyid, at) === undefined);
}

/** Signatures of a revoked key do not count; with `since`, from then on. */
function revocationProblem(trust: Trust, keyid: string, at: TrustTime): ProblemDraft | undefined {
  const revocation = trust.revoked.get(keyid);
  if (revocation === undefined) return undefined;
  if (at !== 'merged' && revocation.since !== undefined && at < revocation.since) return undefined;
  const owner = trust.keys.get(keyid)?.signer;
  const whose = owner === undefined ? '' : ` of ${owner}`;
  return {
    code: 'trust/revoked-key',
    message: `the key ${keyid}${whose} was revoked: ${show(revocation.reason, 200)}`,
  };
}

function validityProblem(signer: TrustSigner, at: Date): ProblemDraft | undefined {
  if (signer.validFrom !== undefined && at < signer.validFrom) {
    const message = `${signer.name} may sign from ${signer.validFrom.toISOString()}, not yet`;
    return { code: 'trust/outside-validity', message };
  }
  if (signer.validUntil !== undefined && at >= signer.validUntil) {
    const message = `${signer.name} could sign until ${signer.validUntil.toISOString()}, no longer`;
    return { code: 'trust/outside-validity', message };
  }
  return undefined;
}
