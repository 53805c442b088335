import type { SourceLocation } from '../json/source-locations.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TierCopies } from '../policy/tiers.ts';
import type { Problem } from '../problem/problem.ts';
import { asWarning, hasErrors, type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { datasetContext } from '../signing/payload.ts';
import { type SignatureVerdict, verifySignatures, verifySignaturesAsync } from '../signing/verify.ts';
import { formatByteSize } from '../text/byte-size.ts';
import { commandPath, show } from '../text/display.ts';
import { couldSign, countedSigner } from './counted-signer.ts';
import type { Trust, TrustRule, TrustTime } from './trust.ts';

export interface JudgedManifest {
  /** Relative to the repository: it decides which rule applies. */
  readonly path: string;
  readonly manifest: Manifest;
  /** For the places of problems; `readManifest` returns it. */
  locate?(pointer: string): SourceLocation;
}

export interface TrustVerdict {
  readonly ok: boolean;
  /** Signers of the rule whose signatures count. */
  readonly signedBy: readonly string[];
  readonly needed: { readonly threshold: number; readonly signers: readonly string[] };
  /** Signers of the rule who could still sign: not outside their validity window, and with a key that is not revoked. Empty once the threshold is met. */
  readonly missing: readonly string[];
  readonly rule?: TrustRule;
  readonly tierCopies: TierCopies;
  /** "needs 2 of alice, bob, carol; has alice" */
  readonly explanation: string;
  readonly problems: readonly Problem[];
}

/** Whether those who signed the manifest may, for its path, tier and size. */
export function evaluateTrust(file: JudgedManifest, trust: Trust, at: TrustTime): TrustVerdict {
  const rule = ruleOrProblem(file, trust);
  if ('code' in rule) return refusal(file, trust, rule);
  const { dataset, signatures } = file.manifest;
  return judge(file, trust, at, rule, verifySignatures(dataset, signatures, datasetContext, keysOf(trust)));
}

/** The same verdict; signatures are verified on the runtime's threads, where it has them, while the caller goes on. */
export async function evaluateTrustAsync(
  file: JudgedManifest,
  trust: Trust,
  at: TrustTime,
): Promise<TrustVerdict> {
  const rule = ruleOrProblem(file, trust);
  if ('code' in rule) return refusal(file, trust, rule);
  const { dataset, signatures } = file.manifest;
  const verdicts = await verifySignaturesAsync(dataset, signatures, datasetContext, keysOf(trust));
  return judge(file, trust, at, rule, verdicts);
}

const keysOf = (trust: Trust) => (keyid: string) => trust.keys.get(keyid)?.key;

function ruleOrProblem({ path }: JudgedManifest, trust: Trust): TrustRule | ProblemDraft {
  if (!trust.usable) return unusable(trust);
  const message = `no rule of the policy is for ${show(path, 120)}`;
  return ruleFor(trust, path) ?? { code: 'trust/no-rule', message };
}

function refusal(file: JudgedManifest, trust: Trust, draft: ProblemDraft): TrustVerdict {
  return {
    ok: false,
    signedBy: [],
    needed: { threshold: 1, signers: [] },
    missing: [],
    tierCopies: trust.tiers[file.manifest.dataset.tier],
    explanation: draft.message,
    problems: [report(file, draft, '')],
  };
}

function report(file: JudgedManifest, draft: ProblemDraft, path: string): Problem {
  return problem(draft, { file: file.path, path, ...file.locate?.(path) });
}

function judge(
  file: JudgedManifest,
  trust: Trust,
  at: TrustTime,
  rule: TrustRule,
  verdicts: readonly SignatureVerdict[],
): TrustVerdict {
  const tierCopies = trust.tiers[file.manifest.dataset.tier];
  const { signedBy, drafts } = countSigners(verdicts, trust, rule, at);
  const enough = signedBy.length >= rule.threshold;
  const missing = enough
    ? []
    : rule.signers.filter((name) => !signedBy.includes(name) && couldSign(name, trust, at));
  const explanation = explain(rule, signedBy);
  const problems = [
    ...rightsProblems(file.manifest, rule).map(({ path, ...draft }) => report(file, draft, path)),
    ...(enough
      ? []
      : [
          report(
            file,
            notEnough(file.path, rule.threshold - signedBy.length, explanation, missing),
            '/signatures',
          ),
        ]),
    ...drafts.map(({ index, ...draft }) => {
      const found = report(file, draft, `/signatures/${index}`);
      // A signature that does not count takes nothing away from those that do; one that is false always does.
      return enough && !draft.code.startsWith('signature/') ? asWarning(found) : found;
    }),
  ];
  const needed = { threshold: rule.threshold, signers: rule.signers };
  return { ok: !hasErrors(problems), signedBy, needed, missing, rule, tierCopies, explanation, problems };
}

/** A repository at its beginning is told otherwise than one whose policy broke. */
function unusable({ signers, document }: Trust): ProblemDraft {
  const code = 'trust/unusable-policy';
  if (signers.size > 0 || document !== undefined)
    return { code, message: 'the public keys or the policy have errors, so nobody is trusted' };
  return {
    code,
    message: 'no public key is in force yet, so nobody may sign',
    hint: 'merge public-keys/<name>.pub in a pull request of its own first: holdfast keygen makes it',
  };
}

/** The rule that decides for a path: the first that matches. */
export function ruleFor(trust: Trust, path: string): TrustRule | undefined {
  return trust.rules.find((rule) => rule.matches(path));
}

/** The copies that a tier asks for under this policy. */
export function tierCopies(trust: Trust, tier: Manifest['dataset']['tier']): TierCopies {
  return trust.tiers[tier];
}

/** A threshold counts distinct signers, not keys. */
function countSigners(verdicts: readonly SignatureVerdict[], trust: Trust, rule: TrustRule, at: TrustTime) {
  const signedBy = new Set<string>();
  const drafts: (ProblemDraft & { readonly index: number })[] = [];
  for (const [index, verdict] of verdicts.entries()) {
    const counted = countedSigner(verdict, trust, rule.signers, at);
    if (typeof counted === 'string') signedBy.add(counted);
    else drafts.push({ ...counted, index });
  }
  return { signedBy: rule.signers.filter((name) => signedBy.has(name)), drafts };
}

/** A tier and a size are something a rule grants. */
function rightsProblems(
  { dataset }: Manifest,
  rule: TrustRule,
): (ProblemDraft & { readonly path: string })[] {
  const drafts: (ProblemDraft & { readonly path: string })[] = [];
  if (!rule.tiers.includes(dataset.tier)) {
    const message = `the rule for this path grants ${rule.tiers.join(', ')}; the manifest asks for ${dataset.tier}`;
    drafts.push({ code: 'trust/tier-not-granted', message, path: '/dataset/tier' });
  }
  if (rule.maxTotalSize !== undefined && dataset.totalSize > rule.maxTotalSize) {
    const message = `the rule for this path grants ${formatByteSize(rule.maxTotalSize)}; the dataset has ${formatByteSize(dataset.totalSize)}`;
    drafts.push({ code: 'trust/size-not-granted', message, path: '/dataset/totalSize' });
  }
  return drafts;
}

function notEnough(
  path: string,
  lacking: number,
  explanation: string,
  missing: readonly string[],
): ProblemDraft {
  const command = `holdfast sign ${commandPath(path, '<manifest>')}`;
  const hint =
    missing.length < lacking
      ? 'too few signers of the rule have a key that counts now: add keys or signers in a pull request of its own'
      : `for ${whoSigns(lacking, missing)} to run: ${command}`;
  return { code: 'trust/not-enough-signers', message: explanation, hint };
}

/** "alice", "alice or bob", "alice and bob", "2 of alice, bob, carol" */
function whoSigns(lacking: number, missing: readonly string[]): string {
  if (lacking === 1) return missing.join(' or ');
  return lacking === missing.length ? missing.join(' and ') : `${lacking} of ${missing.join(', ')}`;
}

function explain(rule: TrustRule, signedBy: readonly string[]): string {
  return `needs ${rule.threshold} of ${rule.signers.join(', ')}; has ${signedBy.join(', ') || 'none'}`;
}
