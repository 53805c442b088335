import { ManifestError } from '../error.ts';
import { canonicalize } from '../json/canonical.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { Dataset, Manifest } from '../manifest/manifest.ts';
import { maxSignatures, type Signature } from '../manifest/signature.ts';
import type { Policy, PolicyDocument } from '../policy/policy.ts';
import { datasetContext, policyContext } from './payload.ts';
import { verifySignatures } from './verify.ts';

type Signed = Manifest | PolicyDocument;

/** Three versions of one file: where two branches parted, and how each has it now. */
export interface Sides<T extends Signed> {
  readonly base?: T | undefined;
  readonly ours: T;
  readonly theirs: T;
}

export interface LeftOut {
  readonly keyid: string;
  /** `false`: a known key that did not make it. `too-many`: by an unknown key, beyond what a manifest takes. */
  readonly reason: 'false' | 'too-many';
}

export interface United<T extends Signed> {
  readonly document: T;
  /** The keys whose signatures only the other side has. */
  readonly added: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * One file with the signatures of both sides. What they sign must be equal. A signature that one side took away stays away;
 * one that a known key did not make is left out, so that nobody spoils a good manifest.
 */
export function uniteSignatures<T extends Signed>(
  { base, ours, theirs }: Sides<T>,
  keys: Iterable<PublicKey>,
): United<T> {
  if (!signsTheSame(ours, theirs))
    throw new TypeError('uniteSignatures expected two sides that sign the same');
  const known = new Map(Array.from(keys, (key) => [key.keyid, key]));
  const before = base !== undefined && signsTheSame(base, ours) ? keyIds(base) : new Set<string>();
  const [left, right] = [keyIds(ours), keyIds(theirs)];
  const candidates = [...ours.signatures, ...theirs.signatures].filter(
    ({ keyid }) => !before.has(keyid) || (left.has(keyid) && right.has(keyid)),
  );
  const holds = verdicts(ours, candidates, known);
  const chosen = new Map<string, Signature>();
  const failed = new Set<string>();
  for (const [index, signature] of candidates.entries()) {
    if (holds[index] === false) failed.add(signature.keyid);
    else if (!chosen.has(signature.keyid)) chosen.set(signature.keyid, signature);
  }
  const spare = withinLimit([...chosen.keys()], known);
  const signatures = [...chosen.values()].filter(({ keyid }) => !spare.has(keyid));
  if (signatures.length > maxSignatures) {
    const message = `expected at most ${maxSignatures} signatures, got ${signatures.length}`;
    throw new ManifestError('signature/malformed', message);
  }
  return {
    document: { ...ours, signatures },
    added: signatures.map(({ keyid }) => keyid).filter((keyid) => !left.has(keyid)),
    leftOut: [
      ...[...failed]
        .filter((keyid) => !chosen.has(keyid))
        .map((keyid) => ({ keyid, reason: 'false' as const })),
      ...[...spare].map((keyid) => ({ keyid, reason: 'too-many' as const })),
    ],
  };
}

/** True if a signature of one is a signature of the other. */
export function signsTheSame(one: Signed, other: Signed): boolean {
  return canonicalize(payloadOf(one)) === canonicalize(payloadOf(other));
}

function payloadOf(document: Signed): Dataset | Policy {
  return 'dataset' in document ? document.dataset : document.policy;
}

function keyIds({ signatures }: Signed): ReadonlySet<string> {
  return new Set(signatures.map(({ keyid }) => keyid));
}

/** For each signature whether its key made it; `undefined` for a key that nobody knows. */
function verdicts(
  document: Signed,
  signatures: readonly Signature[],
  known: ReadonlyMap<string, PublicKey>,
): readonly (boolean | undefined)[] {
  const context = 'dataset' in document ? datasetContext : policyContext;
  return verifySignatures(payloadOf(document), signatures, context, (keyid) => known.get(keyid)).map(
    ({ key, ok }) => (key === undefined ? undefined : ok),
  );
}

/** The last ones by unknown keys, where there are more signatures than a file takes: they count for nothing. */
function withinLimit(keyids: readonly string[], known: ReadonlyMap<string, PublicKey>): ReadonlySet<string> {
  const beyond = Math.max(0, keyids.length - maxSignatures);
  const unknown = keyids.filter((keyid) => !known.has(keyid));
  return new Set(beyond === 0 ? [] : unknown.slice(-beyond));
}
