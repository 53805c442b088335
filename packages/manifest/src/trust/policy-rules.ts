import { show } from '../display.ts';
import type { PlacedFault } from '../json/schema-fault.ts';
import { valueAt } from '../json/schema-fault.ts';
import { signatureFaults } from '../manifest/dataset-rules.ts';
import { nearest } from '../nearest.ts';

/** Rules between the fields of a policy; takes nothing of the value for granted. */
export function policyRules(value: unknown): PlacedFault[] {
  const policy = valueAt(value, ['policy']);
  const signers = valueAt(policy, ['signers']);
  const known = typeof signers === 'object' && signers !== null ? Object.keys(signers) : [];
  const rules = valueAt(policy, ['rules']);
  const groups = Array.isArray(rules)
    ? rules.map((group: unknown, index) => [group, ['policy', 'rules', index]] as const)
    : [];
  const root = valueAt(policy, ['root']);
  return [
    ...signatureFaults(value, 'policy'),
    ...known.flatMap((name) => validityFaults(valueAt(signers, [name]), ['policy', 'signers', name])),
    ...groups.flatMap(([group, path]) => groupFaults(group, path, known)),
    ...revocationFaults(valueAt(policy, ['revoked'])),
    ...(root === undefined ? [] : groupFaults(root, ['policy', 'root'], known)),
  ];
}

/** Of a rule or the root: its signers exist, and are enough for its threshold. */
function groupFaults(
  group: unknown,
  path: readonly (string | number)[],
  known: readonly string[],
): PlacedFault[] {
  const [signers, threshold] = [valueAt(group, ['signers']), valueAt(group, ['threshold'])];
  if (!Array.isArray(signers)) return [];
  const faults = signers.flatMap((name: unknown, index): PlacedFault[] => {
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
    faults.push({ code: 'policy/unreachable-threshold', message, path: [...path, 'threshold'] });
  }
  return faults;
}

/** With another `since` it would be a matter of order from when the key counts for nothing. */
function revocationFaults(revoked: unknown): PlacedFault[] {
  if (!Array.isArray(revoked)) return [];
  const seen = new Set<unknown>();
  return revoked.flatMap((revocation: unknown, index): PlacedFault[] => {
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

function validityFaults(signer: unknown, path: readonly (string | number)[]): PlacedFault[] {
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
