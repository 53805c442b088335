import { pointerOf } from '../json/pointer.ts';
import type { SourceLocation } from '../json/source-locations.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { type Tier, tierNames } from '../manifest/manifest.ts';
import { globMatcher } from '../policy/glob.ts';
import { ipnsNameOf } from '../policy/ipns-name.ts';
import { defaultListLimits } from '../policy/list-limits.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import type { Policy, PolicyDocument, PolicySigner } from '../policy/policy.ts';
import { defaultTiers, type TierCopies } from '../policy/tiers.ts';
import type { Problem } from '../problem/problem.ts';
import { hasErrors, type ProblemDraft, problem } from '../problem/problem-draft.ts';
import { expectList } from '../text/argument.ts';
import { parseByteSize } from '../text/byte-size.ts';
import { show } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import { policyFile, readKeyFiles } from './read-key-files.ts';
import type { Revocation, Trust, TrustFile, TrustRule, TrustSigner } from './trust.ts';

export interface LoadedTrust {
  readonly trust: Trust;
  readonly problems: readonly Problem[];
}

/**
 * Who may sign what, from the files of the folder of public keys. After an error in any of them nobody is trusted.
 *
 * @example
 * ```ts
 * const { trust, problems } = loadTrust([{ path: 'alice.pub', bytes: alicePub }]);
 * [...trust.signers.keys()]; // => ['alice']
 * ```
 */
export function loadTrust(
  files: readonly TrustFile[],
  options: { readonly folder?: string | undefined } = {},
): LoadedTrust {
  expectList('loadTrust', 'files, each with "path" and "bytes"', files);
  const nameOf = (path: string) =>
    options.folder === undefined ? path : `${options.folder.replace(/\/$/, '')}/${path}`;
  const problems: Problem[] = [];
  const keyFiles = readKeyFiles(files, nameOf, problems);
  const policyBytes = files.find(({ path }) => path === policyFile)?.bytes;
  const file = nameOf(policyFile);
  const read = policyBytes === undefined ? undefined : parsePolicy(policyBytes, { file });
  problems.push(...(read?.problems ?? []));
  if (read === undefined && keyFiles.size === 0 && !hasErrors(problems)) {
    problems.push(
      problem(
        {
          code: 'policy/no-signers',
          message: `there is no public key${options.folder === undefined ? '' : ` in ${options.folder}/`} and no policy`,
        },
        options.folder === undefined ? {} : { file: options.folder },
      ),
    );
  }
  const document = read?.ok === true ? read.value : undefined;
  const locate = read?.ok === true ? read.locate : undefined;
  const signers =
    document === undefined
      ? signersByFile(keyFiles)
      : policySigners(document.policy, keyFiles, file, locate, problems);
  const keys = keysOf(signers, file, problems);
  for (const { draft, path } of namesOfSigners(document?.policy, signers)) {
    const pointer = pointerOf(path);
    problems.push(problem(draft, { file, path: pointer, ...locate?.(pointer) }));
  }
  const usable = !hasErrors(problems);
  return { trust: { usable, signers, keys, ...rightsOf(document, signers) }, problems };
}

/** Without a policy the name of the file is the signer. */
function signersByFile(keyFiles: ReadonlyMap<string, readonly PublicKey[]>): Map<string, TrustSigner> {
  return new Map(
    Array.from(keyFiles, ([path, keys]) => {
      const name = path.slice(0, -'.pub'.length);
      return [name, { name, keys }];
    }),
  );
}

function policySigners(
  policy: Policy,
  keyFiles: ReadonlyMap<string, readonly PublicKey[]>,
  file: string,
  locate: ((pointer: string) => SourceLocation) | undefined,
  problems: Problem[],
): Map<string, TrustSigner> {
  const report = (draft: ProblemDraft, path: readonly (string | number)[]) => {
    const pointer = pointerOf(path);
    problems.push(problem(draft, { file, path: pointer, ...locate?.(pointer) }));
  };
  const signers = new Map<string, TrustSigner>();
  for (const [name, signer] of Object.entries(policy.signers)) {
    const at = ['policy', 'signers', name];
    const keys = signer.keys.flatMap((path, index) => {
      const found = keyFiles.get(path);
      if (found === undefined) report(unknownKeyFile(path, [...keyFiles.keys()]), [...at, 'keys', index]);
      return found ?? [];
    });
    const wrong = wrongKeyIds(signer, keys);
    if (wrong !== undefined) report(wrong, [...at, 'keyids']);
    if (policy.root !== undefined && signer.keyids === undefined) report(keysNotBound(name, keys), at);
    signers.set(name, trustSigner(name, signer, keys));
  }
  return signers;
}

function trustSigner(name: string, signer: PolicySigner, keys: readonly PublicKey[]): TrustSigner {
  const { github, validFrom, validUntil } = signer;
  return {
    name,
    keys,
    ...(github !== undefined && { github }),
    ...(validFrom !== undefined && { validFrom: new Date(validFrom) }),
    ...(validUntil !== undefined && { validUntil: new Date(validUntil) }),
  };
}

function unknownKeyFile(path: string, known: readonly string[]): ProblemDraft {
  const near = nearest(path, known);
  const there =
    known.length === 0
      ? 'there is none'
      : `there are ${known
          .slice(0, 20)
          .map((name) => show(name))
          .join(', ')}`;
  const hint =
    near === undefined
      ? `add it, or take it out of the policy; ${there}`
      : `did you mean ${show(near)}? ${there}`;
  return { code: 'policy/unknown-key-file', message: `there is no key file ${show(path)}`, hint };
}

function wrongKeyIds(signer: PolicySigner, keys: readonly PublicKey[]): ProblemDraft | undefined {
  if (signer.keyids === undefined) return undefined;
  const [listed, found] = [[...signer.keyids].sort(), keys.map(({ keyid }) => keyid).sort()];
  if (listed.join() === found.join()) return undefined;
  return {
    code: 'policy/wrong-keyid',
    message: `expected exactly the keys ${listed.join(', ')}, the files hold ${found.join(', ') || 'none'}`,
  };
}

function keysNotBound(name: string, keys: readonly PublicKey[]): ProblemDraft {
  const hint = `add "keyids": ${JSON.stringify(keys.map(({ keyid }) => keyid))} to the signer`;
  return {
    code: 'policy/keys-not-bound',
    message: `the signatures of the root do not cover the keys of ${show(name)}`,
    hint,
  };
}

function keysOf(
  signers: ReadonlyMap<string, TrustSigner>,
  file: string,
  problems: Problem[],
): Map<string, { key: PublicKey; signer: string }> {
  const keys = new Map<string, { key: PublicKey; signer: string }>();
  for (const { name, keys: own } of signers.values()) {
    for (const key of own) {
      const other = keys.get(key.keyid)?.signer;
      if (other === undefined) keys.set(key.keyid, { key, signer: name });
      else if (other !== name)
        problems.push(
          problem(
            {
              code: 'key/two-signers',
              message: `the key ${key.keyid} belongs to ${show(other)} and to ${show(name)}`,
            },
            { file },
          ),
        );
    }
  }
  return keys;
}

/** Whoever publishes a name holds its key, on a server or in a workflow. It must not be worth a signature. */
function namesOfSigners(policy: Policy | undefined, signers: ReadonlyMap<string, TrustSigner>) {
  const owners = new Map(
    [...signers.values()].flatMap(({ name, keys }) =>
      keys.map((key) => [ipnsNameOf(key.bytes), name] as const),
    ),
  );
  return Object.entries(policy?.names ?? {}).flatMap(([dataset, name]) => {
    const owner = owners.get(name);
    if (owner === undefined) return [];
    const message = `the name of ${show(dataset)} has the key of the signer ${show(owner)}`;
    const draft: ProblemDraft = { code: 'policy/name-of-signer', message };
    return [{ draft, path: ['policy', 'names', dataset] }];
  });
}

/** Rules, tiers, revocations and root of the policy, or those of a folder without one. */
function rightsOf(document: PolicyDocument | undefined, signers: ReadonlyMap<string, TrustSigner>) {
  if (document === undefined) {
    const everyone = {
      patterns: ['**'],
      matches: () => true,
      signers: [...signers.keys()],
      threshold: 1,
      tiers: tierNames,
    };
    return {
      rules: [everyone],
      tiers: defaultTiers,
      listLimits: defaultListLimits,
      revoked: new Map<string, Revocation>(),
      names: new Map<string, string>(),
    };
  }
  const { policy } = document;
  const revoked = (policy.revoked ?? []).map(({ keyid, reason, since }): [string, Revocation] => [
    keyid,
    { keyid, reason, ...(since !== undefined && { since: new Date(since) }) },
  ]);
  const tiers = Object.fromEntries(
    tierNames.map((tier) => [tier, { ...defaultTiers[tier], ...policy.tiers?.[tier] }]),
  );
  return {
    rules: policy.rules.map(trustRule),
    tiers: tiers as Record<Tier, TierCopies>,
    listLimits: { ...defaultListLimits, ...policy.fileLists },
    revoked: new Map(revoked),
    names: new Map(Object.entries(policy.names ?? {})),
    ...(policy.root !== undefined && { root: policy.root }),
    policy,
    document,
  };
}

function trustRule({
  manifests,
  signers,
  threshold,
  tiers,
  maxTotalSize,
}: Policy['rules'][number]): TrustRule {
  const limit = maxTotalSize === undefined ? undefined : parseByteSize(maxTotalSize);
  const rule = {
    patterns: manifests,
    matches: globMatcher(manifests),
    signers: [...new Set(signers)],
    threshold,
    tiers,
  };
  return limit === undefined ? rule : { ...rule, maxTotalSize: limit };
}
