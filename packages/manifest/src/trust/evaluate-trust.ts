import { locationOf } from '../json/source.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TierCopies } from '../policy/tiers.ts';
import type { Problem } from '../problem/problem.ts';
import { asWarning, hasErrors, type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { datasetContext } from '../signing/payload.ts';
import { type SignatureVerdict, verifySignatures, verifySignaturesAsync } from '../signing/verify.ts';
import { expectManifest, expectTime } from '../text/argument.ts';
import { formatByteSize } from '../text/byte-size.ts';
import { commandPath, show } from '../text/display.ts';
import { asksForLess } from './asks-for-less.ts';
import { couldSign, countedSigner } from './counted-signer.ts';
import type { Trust, TrustRule, TrustTime } from './trust.ts';
import { mergedSignersRule } from './withdrawal-rule.ts';

export interface JudgedManifest {
  /** Relative to the repository: it decides which rule applies. */
  readonly path: string;
  readonly manifest: Manifest;
  /** The merged manifest that this one changes: to ask for less takes fewer rights. */
  readonly merged?: Manifest | undefined;
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

/**
 * True if the signers of the manifest may sign it, for its path, tier and size.
 *
 * @example
 * ```ts
 * const { trust } = loadTrust(trustFiles);
 * const verdict = evaluateTrust({ path: 'manifests/tides-v1.0.0.json', manifest }, trust, new Date());
 * verdict.explanation; // => 'needs 1 of alice; has alice'
 * ```
 */
export function evaluateTrust(file: JudgedManifest, trust: Trust, at: TrustTime): TrustVerdict {
  expectManifest('evaluateTrust', file?.manifest);
  expectTime('evaluateTrust: the time', at);
  const rules = decidingRules(file, trust, at);
  if ('code' in rules) return refusal(file, trust, rules);
  const { dataset, signatures } = file.manifest;
  return judge(file, trust, at, rules, verifySignatures(dataset, signatures, datasetContext, keysOf(trust)));
}

/** The same verdict, without blocking the caller: the runtime verifies on its threads if it has them. */
export async function evaluateTrustAsync(
  file: JudgedManifest,
  trust: Trust,
  at: TrustTime,
): Promise<TrustVerdict> {
  const rules = decidingRules(file, trust, at);
  if ('code' in rules) return refusal(file, trust, rules);
  const { dataset, signatures } = file.manifest;
  const verdicts = await verifySignaturesAsync(dataset, signatures, datasetContext, keysOf(trust));
  return judge(file, trust, at, rules, verdicts);
}

const keysOf = (trust: Trust) => (keyid: string) => trust.keys.get(keyid)?.key;

type DecidingRules = readonly [TrustRule, ...TrustRule[]];

/** The first rule that matches; for a manifest that only asks for less, also those who signed what was merged. */
function decidingRules(
  { path, manifest, merged }: JudgedManifest,
  trust: Trust,
  at: TrustTime,
): DecidingRules | ProblemDraft {
  if (!trust.usable) return unusable(trust);
  const rule = ruleFor(trust, path);
  const other =
    merged !== undefined && asksForLess(manifest.dataset, merged.dataset, trust)
      ? mergedSignersRule(merged, trust, at, rule !== undefined)
      : undefined;
  if (rule !== undefined) return other === undefined ? [rule] : [rule, other];
  if (other !== undefined) return [other];
  return { code: 'trust/no-rule', message: `no rule of the policy is for ${show(path, 120)}` };
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
  return problem(draft, { ...locationOf(file.manifest.dataset, path), file: file.path });
}

/** The verdict of the first rule that the manifest satisfies, else of the first rule. */
function judge(
  file: JudgedManifest,
  trust: Trust,
  at: TrustTime,
  [first, ...others]: DecidingRules,
  verdicts: readonly SignatureVerdict[],
): TrustVerdict {
  const verdict = judgeByRule(file, trust, at, first, verdicts);
  if (verdict.ok) return verdict;
  const passes = others.map((rule) => judgeByRule(file, trust, at, rule, verdicts)).find(({ ok }) => ok);
  return passes ?? verdict;
}

function judgeByRule(
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
    ...rightsProblems(file, rule, trust).map(({ path, ...draft }) => report(file, draft, path)),
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
      // A signature that does not count is ignored; a false one is always an error.
      return enough && !draft.code.startsWith('signature/') ? asWarning(found) : found;
    }),
  ];
  const needed = { threshold: rule.threshold, signers: rule.signers };
  return { ok: !hasErrors(problems), signedBy, needed, missing, rule, tierCopies, explanation, problems };
}

/** A new repository and a broken policy get different messages. */
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

/** A rule grants tiers and sizes. A manifest that asks for less needs no new grant. */
function rightsProblems(
  { manifest: { dataset }, merged, path }: JudgedManifest,
  rule: TrustRule,
  trust: Trust,
): (ProblemDraft & { readonly path: string })[] {
  if (asksForLess(dataset, merged?.dataset, trust)) return [];
  const drafts: (ProblemDraft & { readonly path: string })[] = [];
  if (!rule.tiers.includes(dataset.tier)) {
    const message = `the rule for this path grants ${rule.tiers.join(', ')}; the manifest asks for ${dataset.tier}`;
    drafts.push({ code: 'trust/tier-not-granted', message, path: '/dataset/tier' });
  }
  if (rule.maxTotalSize !== undefined && dataset.totalSize > rule.maxTotalSize) {
    const message = `the rule for this path grants ${formatByteSize(rule.maxTotalSize)}; the dataset has ${formatByteSize(dataset.totalSize)}`;
    // The content of a merged version cannot become smaller.
    const hint = `change the policy in a pull request of its own, or withdraw the dataset: holdfast revise ${commandPath(path, '<manifest>')} --withdraw "<reason>"`;
    drafts.push({
      code: 'trust/size-not-granted',
      message,
      path: '/dataset/totalSize',
      ...(merged && { hint }),
    });
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
