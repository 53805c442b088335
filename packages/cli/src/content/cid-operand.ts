import { Misuse } from '../frame/misuse.ts';

/** The CIDs that operands are; none where they are manifests. Both at once are refused. */
export function cidsOf(operands: readonly string[]): string[] {
  const cids = operands.flatMap((operand) => cidOf(operand) ?? []);
  if (cids.length > 0 && cids.length < operands.length)
    throw new Misuse('expected either manifests or CIDs, got both', 'run it once for each');
  return cids;
}

/** The CID that an operand is, also as a path or an `ipfs:` address; undefined where it names a file. */
export function cidOf(operand: string): string | undefined {
  const named = operand.replace(/^(?:ipfs:\/\/|\/ipfs\/)/, '');
  if (/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(named)) {
    throw new Misuse(
      `${named} is a CIDv0, expected a CIDv1`,
      `ipfs cid format -v 1 -b base32 ${named} converts it`,
    );
  }
  return /^baf[a-z2-7]{50,}$/.test(named) ? named : undefined;
}
