import { equalBytes } from '../crypto/bytes.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import type { Problem } from '../problem/problem.ts';
import { type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { policyContext } from '../signing/payload.ts';
import { verifySignatures } from '../signing/verify.ts';
import { show } from '../text/display.ts';
import { countedSigner } from '../trust/counted-signer.ts';
import { loadTrust } from '../trust/load-trust.ts';
import type { Trust, TrustFile } from '../trust/trust.ts';
import type { Change } from './change.ts';

const policyFile = 'policy.json';

const mixed: ProblemDraft = {
  code: 'change/keys-and-manifests',
  message: 'one change touches public keys and manifests; who may sign is decided before what they signed',
};

interface TrustChangeOptions {
  readonly folder: string;
  readonly at: Date;
  /** Manifests change as well. */
  readonly withManifests: boolean;
}

interface TrustChange {
  readonly changes: readonly Change[];
  /** Who may sign after the change. */
  readonly head: Trust;
}

/** One change for each file of the key folder that differs. The first has the problems of all of them. */
export function checkTrustChange(
  baseFiles: readonly TrustFile[],
  headFiles: readonly TrustFile[],
  base: Trust,
  options: TrustChangeOptions,
): TrustChange | undefined {
  const paths = changedPaths(baseFiles, headFiles);
  if (paths.length === 0) return undefined;
  const { trust: head, problems } = loadTrust(headFiles, { folder: options.folder });
  const file = `${options.folder}/${policyFile}`;
  const all: Problem[] = [
    ...(options.withManifests ? [problem(mixed, { file: `${options.folder}/${paths[0]}` })] : []),
    ...problems,
    ...rootProblems(base, head, options.at).map((draft) => problem(draft, { file })),
  ];
  const changes = paths.map((path, index) => ({
    kind: path === policyFile ? ('policy' as const) : ('keys' as const),
    path: `${options.folder}/${path}`,
    problems: index === 0 ? all : [],
  }));
  return { changes, head };
}

/** With a root, any change of the folder needs the next version, and the signatures of the old and the new root. */
function rootProblems(base: Trust, head: Trust, at: Date): ProblemDraft[] {
  if (base.root === undefined && head.root === undefined) return [];
  const { document } = head;
  if (document === undefined) {
    return [
      { code: 'change/policy-removed', message: 'the policy had a root, and is gone or not readable now' },
    ];
  }
  return [
    ...versionProblem(base.document, document),
    ...signersProblem(base, document, at, 'the policy in force'),
    ...signersProblem(head, document, at, 'the new policy'),
  ];
}

function versionProblem(before: PolicyDocument | undefined, after: PolicyDocument): ProblemDraft[] {
  if (before === undefined || after.policy.version === before.policy.version + 1) return [];
  const message = `expected policy version ${before.policy.version + 1}, got ${after.policy.version}`;
  return [{ code: 'change/policy-version', message }];
}

/** The new policy has the signatures that this policy's root needs. */
function signersProblem(trust: Trust, document: PolicyDocument, at: Date, whose: string): ProblemDraft[] {
  const { root } = trust;
  if (root === undefined) return [];
  const verdicts = verifySignatures(
    document.policy,
    document.signatures,
    policyContext,
    (keyid) => trust.keys.get(keyid)?.key,
  );
  const signed = new Set(
    verdicts
      .map((verdict) => countedSigner(verdict, trust, root.signers, at))
      .filter((name) => typeof name === 'string'),
  );
  if (signed.size >= root.threshold) return [];
  const has = [...signed].join(', ') || 'none';
  return [
    {
      code: 'change/policy-not-signed',
      message: `version ${document.policy.version} of the policy: the root of ${whose} needs ${root.threshold} of ${root.signers.join(', ')}; has ${show(has).slice(1, -1)}`,
    },
  ];
}

function changedPaths(base: readonly TrustFile[], head: readonly TrustFile[]): string[] {
  const before = new Map(base.map(({ path, bytes }) => [path, bytes]));
  const changed = head.filter(({ path, bytes }) => {
    const old = before.get(path);
    before.delete(path);
    return old === undefined || !equalBytes(old, bytes);
  });
  return [...changed.map(({ path }) => path), ...before.keys()].sort();
}
