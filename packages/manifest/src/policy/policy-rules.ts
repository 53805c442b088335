import type { PlacedDraft } from '../json/schema-drafts.ts';
import { valueAt } from '../json/schema-drafts.ts';
import { signatureProblems } from '../manifest/dataset-rules.ts';
import { show } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import { patternFaults } from './patterns.ts';

/** Rules between the fields of a policy. The value may have any shape. */
export function policyRules(value: unknown): PlacedDraft[] {
  const policy = valueAt(value, ['policy']);
  const signers = valueAt(policy, ['signers']);
  const known = typeof signers === 'object' && signers !== null ? Object.keys(signers) : [];
  const rules = valueAt(policy, ['rules']);
  const groups = Array.isArray(rules)
    ? rules.map((group: unknown, index) => [group, ['policy', 'rules', index]] as const)
    : [];
  const root = valueAt(policy, ['root']);
  return [
    ...signatureProblems(value, 'policy'),
    ...known.flatMap((name) => validityProblems(valueAt(signers, [name]), ['policy', 'signers', name])),
    ...groups.flatMap(([group, path]) => groupProblems(group, path, known)),
    ...groups.flatMap(([group, path]) =>
      patternProblems(valueAt(group, ['manifests']), [...path, 'manifests']),
    ),
    ...unreachableProblems(groups.map(([group]) => valueAt(group, ['manifests']))),
    ...nameProblems(valueAt(policy, ['names'])),
    ...revocationProblems(valueAt(policy, ['revoked'])),
    ...(root === undefined ? [] : groupProblems(root, ['policy', 'root'], known)),
  ];
}

/** The signers of a rule or the root exist, and are enough for its threshold. */
function groupProblems(
  group: unknown,
  path: readonly (string | number)[],
  known: readonly string[],
): PlacedDraft[] {
  const [signers, threshold] = [valueAt(group, ['signers']), valueAt(group, ['threshold'])];
  if (!Array.isArray(signers)) return [];
  const drafts = signers.flatMap((name: unknown, index): PlacedDraft[] => {
    if (typeof name !== 'string' || known.includes(name)) return [];
    const near = nearest(name, known);
    const hint =
      near === undefined
        ? `define it under policy.signers; there are ${known.map((one) => show(one)).join(', ')}`
        : `did you mean ${show(near)}?`;
    return [
      {
        code: 'policy/unknown-signer',
        message: `there is no signer ${show(name)}`,
        hint,
        path: [...path, 'signers', index],
      },
    ];
  });
  const distinct = new Set(signers).size;
  if (typeof threshold === 'number' && threshold > distinct) {
    const message = `expected a threshold of at most ${distinct}, the number of signers, got ${threshold}`;
    drafts.push({ code: 'policy/unreachable-threshold', message, path: [...path, 'threshold'] });
  }
  return drafts;
}

/** A rule with patterns that match nothing never decides: a weaker rule would. */
function patternProblems(patterns: unknown, path: readonly (string | number)[]): PlacedDraft[] {
  return patternFaults(stringsOf(patterns)).map(({ index, narrow, ...fault }) => ({
    code: narrow ? 'policy/narrow-pattern' : 'policy/invalid-value',
    ...fault,
    path: index === undefined ? path : [...path, index],
  }));
}

/** A rule whose patterns are all in earlier rules, or that follows a rule for all paths. */
function unreachableProblems(rules: readonly unknown[]): PlacedDraft[] {
  const taken = new Set<string>();
  return rules.flatMap((patterns, index): PlacedDraft[] => {
    const listed = stringsOf(patterns);
    const wanted = listed.filter((pattern) => !pattern.startsWith('!'));
    const reached = wanted.length === 0 || wanted.some((pattern) => !taken.has(pattern) && !taken.has('**'));
    // What a rule excludes is left to the rules after it.
    if (wanted.length === listed.length) for (const pattern of wanted) taken.add(pattern);
    if (reached) return [];
    const message = `rule ${index + 1} never decides: an earlier one matches all its paths, and the first that matches decides`;
    return [{ code: 'policy/unreachable-rule', message, path: ['policy', 'rules', index, 'manifests'] }];
  });
}

function stringsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** One name points to one place: two datasets would take turns. */
function nameProblems(names: unknown): PlacedDraft[] {
  if (typeof names !== 'object' || names === null) return [];
  const datasets = new Map<unknown, string>();
  return Object.entries(names).flatMap(([dataset, name]): PlacedDraft[] => {
    const other = datasets.get(name);
    datasets.set(name, other ?? dataset);
    if (other === undefined) return [];
    const message = `the datasets ${show(other)} and ${show(dataset)} have the same name`;
    return [{ code: 'policy/duplicate-name', message, path: ['policy', 'names', dataset] }];
  });
}

/** Two entries with different `since` would make the order decide when the revocation begins. */
function revocationProblems(revoked: unknown): PlacedDraft[] {
  if (!Array.isArray(revoked)) return [];
  const seen = new Set<unknown>();
  return revoked.flatMap((revocation: unknown, index): PlacedDraft[] => {
    const keyid = valueAt(revocation, ['keyid']);
    if (typeof keyid !== 'string') return [];
    if (!seen.has(keyid)) {
      seen.add(keyid);
      return [];
    }
    const message = `the key ${show(keyid)} is revoked by an entry before this one`;
    return [{ code: 'policy/duplicate-revocation', message, path: ['policy', 'revoked', index, 'keyid'] }];
  });
}

function validityProblems(signer: unknown, path: readonly (string | number)[]): PlacedDraft[] {
  const [from, until] = [valueAt(signer, ['validFrom']), valueAt(signer, ['validUntil'])];
  if (typeof from !== 'string' || typeof until !== 'string' || !(Date.parse(until) <= Date.parse(from)))
    return [];
  return [
    {
      code: 'policy/invalid-value',
      message: 'validUntil is not after validFrom',
      path: [...path, 'validUntil'],
    },
  ];
}
