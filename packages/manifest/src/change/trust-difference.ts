import type { TierCopies } from '../policy/tiers.ts';
import { formatByteSize } from '../text/byte-size.ts';
import { show } from '../text/display.ts';
import type { Trust, TrustRule, TrustSigner } from '../trust/trust.ts';

/** What a change of keys and policy means, in sentences: the gravest apart, for a reviewer reads those first. */
export interface TrustDifference {
  readonly warnings: readonly string[];
  readonly lines: readonly string[];
}

/** Who may sign what before and after, by signer and by rule. */
export function trustDifference(before: Trust, after: Trust): TrustDifference {
  const signers = signerDifference(before, after);
  const revocations = revocationDifference(before, after);
  const names = nameDifference(before, after);
  return {
    warnings: [
      ...wholeWarnings(before, after),
      ...signers.warnings,
      ...revocations.warnings,
      ...names.warnings,
    ],
    lines: [
      ...signers.lines,
      ...ruleLines(before.rules, after.rules),
      ...tierLines(before, after),
      ...changed('a list of files', listWords(before), listWords(after)),
      ...names.lines,
      ...revocations.lines,
      ...changed('the root, which may change keys and policy', rootWords(before), rootWords(after)),
    ],
  };
}

function wholeWarnings(before: Trust, after: Trust): string[] {
  if (!after.usable) return ['nobody can sign anything any more: the keys or the policy have errors'];
  if (before.document === undefined || after.document !== undefined) return [];
  return ['every key may now sign everything, alone: the policy is gone'];
}

function signerDifference(before: Trust, after: Trust): TrustDifference {
  const warnings: string[] = [];
  const lines: string[] = [];
  for (const name of new Set([...before.signers.keys(), ...after.signers.keys()])) {
    const [old, now] = [before.signers.get(name), after.signers.get(name)];
    const [oldKeys, keys] = [keyidsOf(old), keyidsOf(now)];
    const added = keys.filter((keyid) => !oldKeys.includes(keyid));
    const removed = oldKeys.filter((keyid) => !keys.includes(keyid));
    if (old === undefined) lines.push(`${name} is a new signer, with ${list(keys)}`);
    else if (now === undefined) lines.push(`${name} is no signer any more; had ${list(oldKeys)}`);
    else {
      lines.push(...added.map((keyid) => `${name} gets the key ${keyid}`));
      lines.push(...removed.map((keyid) => `${name} loses the key ${keyid}`));
      lines.push(...changed(`${name} may sign`, windowWords(old), windowWords(now)));
      if (removed.length === oldKeys.length && added.length > 0)
        warnings.push(`whoever has ${list(added)} now signs as ${name}: all keys of ${name} are replaced`);
    }
  }
  return { warnings, lines };
}

function revocationDifference({ revoked: before }: Trust, { revoked: after }: Trust): TrustDifference {
  return {
    warnings: [...before.keys()]
      .filter((keyid) => !after.has(keyid))
      .map((keyid) => `the revoked key ${keyid} is no longer revoked`),
    lines: [...after.values()]
      .filter(({ keyid }) => !before.has(keyid))
      .map(({ keyid, reason }) => `the key ${keyid} is revoked: ${show(reason, 200)}`),
  };
}

function ruleLines(before: readonly TrustRule[], after: readonly TrustRule[]): string[] {
  const [old, now] = [byPatterns(before), byPatterns(after)];
  const lines = [...new Set([...old.keys(), ...now.keys()])].flatMap((patterns) =>
    changed(`the rule for ${patterns}`, old.get(patterns) ?? 'none', now.get(patterns) ?? 'none'),
  );
  const kept = (rules: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
    [...rules.keys()].filter((patterns) => other.has(patterns)).join(', then ');
  return [
    ...lines,
    ...changed(
      'the order of the rules, of which the first that matches decides',
      kept(old, now),
      kept(now, old),
    ),
  ];
}

/** Of several rules with the same patterns, only the first decides. */
function byPatterns(rules: readonly TrustRule[]): Map<string, string> {
  const words = new Map<string, string>();
  for (const rule of rules) {
    const patterns = list(rule.patterns.map((pattern) => show(pattern, 120).slice(1, -1)));
    if (!words.has(patterns)) words.set(patterns, ruleWords(rule));
  }
  return words;
}

/** "2 of alice, bob; critical, important; at most 2 TB" */
function ruleWords({ threshold, signers, tiers, maxTotalSize }: TrustRule): string {
  const size = maxTotalSize === undefined ? 'any size' : `at most ${formatByteSize(maxTotalSize)}`;
  return `${threshold} of ${list(signers)}; ${list(tiers)}; ${size}`;
}

function nameDifference({ names: before }: Trust, { names: after }: Trust): TrustDifference {
  const datasets = [...new Set([...before.keys(), ...after.keys()])];
  return {
    warnings: [...before]
      .filter(([dataset, name]) => after.get(dataset) !== name)
      .map(([dataset, name]) => `whoever reads ${dataset} by ${name} gets no new version any more`),
    lines: datasets.flatMap((dataset) =>
      changed(`the name of ${dataset}`, before.get(dataset) ?? '', after.get(dataset) ?? ''),
    ),
  };
}

function tierLines({ tiers: before }: Trust, { tiers: after }: Trust): string[] {
  return (Object.keys(after) as (keyof typeof after)[]).flatMap((tier) =>
    changed(`the tier ${tier}`, copiesWords(before[tier]), copiesWords(after[tier])),
  );
}

function copiesWords({ min, max, regions }: TierCopies): string {
  return `${min === max ? min : `${min} to ${max}`} copies${regions > 1 ? ` in ${regions} regions` : ''}`;
}

function listWords({ listLimits: { files, bytes, bytesInGit, depth } }: Trust): string {
  return `at most ${files} files, ${formatByteSize(bytes)}, ${formatByteSize(bytesInGit)} in Git, ${depth} folders deep`;
}

function rootWords({ root }: Trust): string {
  return root === undefined ? 'none' : `${root.threshold} of ${list(root.signers)}`;
}

function windowWords({ validFrom, validUntil }: TrustSigner): string {
  const [from, until] = [validFrom?.toISOString(), validUntil?.toISOString()];
  const parts = [from && `from ${from}`, until && `until ${until}`].filter(Boolean);
  return parts.length === 0 ? 'at any time' : parts.join(' ');
}

function changed(what: string, before: string, after: string): string[] {
  return before === after ? [] : [`${what}: ${after || 'none'} (before: ${before || 'none'})`];
}

function keyidsOf(signer: TrustSigner | undefined): readonly string[] {
  return signer?.keys.map(({ keyid }) => keyid) ?? [];
}

function list(items: readonly string[]): string {
  return items.join(', ') || 'none';
}
