import type { Policy, PolicyDocument } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';

export interface SignerWish {
  readonly name: string;
  readonly keyids: readonly string[];
  /** Patterns of the rules that the signer joins. Default: all rules. */
  readonly rules: readonly string[];
  /** Also one of those who may change keys and policy. */
  readonly root: boolean;
  readonly validFrom?: string | undefined;
  readonly validUntil?: string | undefined;
}

type Rule = Policy['rules'][number];

/** The policy with a signer more, unsigned. One of that name gets the key as another of theirs. */
export function withSigner({ policy, ...rest }: PolicyDocument, wish: SignerWish): PolicyDocument {
  const { name, keyids, validFrom, validUntil } = wish;
  const before = policy.signers[name];
  const file = `${name}.pub`;
  const signer = {
    ...before,
    keys: [...new Set([...(before?.keys ?? []), file])],
    // Without them, the signatures of the root would not cover the key files.
    keyids: [...new Set([...(before?.keyids ?? []), ...keyids])],
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
  };
  const joins = chosenRules(policy.rules, wish.rules);
  const rules = policy.rules.map((rule) =>
    joins(rule) ? { ...rule, signers: [...new Set([...rule.signers, name])] } : rule,
  );
  return {
    ...rest,
    policy: { ...policy, signers: { ...policy.signers, [name]: signer }, rules, ...rootWith(policy, wish) },
    signatures: [],
  };
}

function rootWith({ root }: Policy, { name, root: joins }: SignerWish): Pick<Policy, 'root'> {
  if (!joins) return {};
  if (root === undefined)
    throw new Misuse(
      'the policy has no root to join',
      'add "root" to the policy first: docs/trust-policy.md says what it means',
    );
  return { root: { ...root, signers: [...new Set([...root.signers, name])] } };
}

function chosenRules(rules: readonly Rule[], patterns: readonly string[]): (rule: Rule) => boolean {
  const known = rules.flatMap(({ manifests }) => manifests);
  const wrong = patterns.find((pattern) => !known.includes(pattern));
  if (wrong !== undefined)
    throw new Misuse(
      `no rule of the policy has the pattern ${escapeText(wrong)}`,
      `its rules have ${known.map(escapeText).join(', ')}`,
    );
  return ({ manifests }) => patterns.length === 0 || manifests.some((pattern) => patterns.includes(pattern));
}

/** The policy without a signer, unsigned. A rule that the others could not meet keeps them all out, so that is refused. */
export function withoutSigner({ policy, ...rest }: PolicyDocument, name: string): PolicyDocument {
  const { [name]: gone, ...signers } = policy.signers;
  if (gone === undefined) throw unknownSigner(name, Object.keys(policy.signers));
  const without = <T extends { readonly signers: readonly string[]; readonly threshold: number }>(
    group: T,
    what: string,
  ): T => {
    const left = group.signers.filter((one) => one !== name);
    if (left.length < group.threshold)
      throw new Misuse(
        `${what} needs ${group.threshold} of ${group.signers.map(escapeText).join(', ')}: without ${escapeText(name)} nobody could meet it`,
        'add another signer first, or lower the threshold in public-keys/policy.json',
      );
    return { ...group, signers: left };
  };
  const rules = policy.rules.map((rule) =>
    rule.signers.includes(name)
      ? without(rule, `the rule for ${rule.manifests.map(escapeText).join(', ')}`)
      : rule,
  );
  const { root } = policy;
  return {
    ...rest,
    policy: {
      ...policy,
      signers,
      rules,
      ...(root?.signers.includes(name) && { root: without(root, 'the root') }),
    },
    signatures: [],
  };
}

export function unknownSigner(name: string, known: readonly string[]): Misuse {
  return new Misuse(
    `there is no signer ${escapeText(name)}`,
    known.length === 0 ? 'there is none yet' : `there is ${known.map(escapeText).join(', ')}`,
  );
}

/** A policy with a root takes the next number with every change, counted from what is merged. */
export function numbered(document: PolicyDocument, merged: number | undefined): PolicyDocument {
  const { policy } = document;
  if (policy.root === undefined || merged === undefined || policy.version > merged) return document;
  return { ...document, policy: { ...policy, version: merged + 1 } };
}
