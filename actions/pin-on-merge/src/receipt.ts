import type { DatasetResult, NameResult } from '@holdfast/datasets';
import type { CopyProof, ProofVerdict } from '@holdfast/retrieval/proof';

export const predicateType = 'https://github.com/holdfast-data/holdfast/receipt/v1';

/** An in-toto statement, version 1 (github.com/in-toto/attestation, spec/v1/statement.md). */
export interface Receipt {
  readonly _type: 'https://in-toto.io/Statement/v1';
  /** One for each satisfied dataset: its id and the digest that was signed. */
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof predicateType;
  readonly predicate: ReceiptPredicate;
}

export interface ReceiptPredicate {
  readonly repository: string;
  readonly commit: string;
  /** Of the policy in force; absent if the repository has none. */
  readonly policyVersion?: number;
  readonly target: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Address of the run. */
  readonly run?: string;
  readonly datasets: readonly ReceiptDataset[];
}

export interface ReceiptDataset {
  readonly id: string;
  readonly manifest: string;
  readonly digest: { readonly sha256: string };
  readonly cid: string;
  readonly tier: string;
  readonly signedBy: readonly string[];
  readonly copies: { readonly min: number; readonly max: number; readonly have: number };
  readonly regions: readonly string[];
  /** Those that report the CID pinned. */
  readonly peers: readonly ReceiptPeer[];
  /** From the start of the run until the copies were there. */
  readonly seconds: number;
  /** The name that points to it, as the routers gave it back. */
  readonly name?: { readonly name: string; readonly sequence: string; readonly validUntil: string };
}

export interface ReceiptPeer {
  readonly id: string;
  readonly name?: string;
  readonly region?: string;
  /** What it could show of its copy; absent where it was not asked. */
  readonly proof?: ReceiptProof;
}

/** `seed`, the CID and the peer's id give the draw again (docs/proving.md). */
export interface ReceiptProof {
  readonly verdict: ProofVerdict;
  readonly seed: string;
  readonly at: string;
  readonly draws?: number | undefined;
  readonly share?: { readonly from: number; readonly to: number };
  readonly blocks: number;
  readonly bytes: number;
}

export type ReceiptContext = Omit<ReceiptPredicate, 'datasets'>;

/** About the datasets whose copies exist; undefined if there are none. */
export function receiptOf(
  results: readonly DatasetResult[],
  names: readonly NameResult[],
  context: ReceiptContext,
  proofs: readonly CopyProof[] = [],
): Receipt | undefined {
  const datasets = results.flatMap((result) => receiptDataset(result, names, proofs) ?? []);
  if (datasets.length === 0) return undefined;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: datasets.map(({ id, digest }) => ({ name: id, digest })),
    predicateType,
    predicate: { ...context, datasets },
  };
}

/** Lines as sha256sum writes them, which actions/attest reads subjects from. */
export function receiptSubjects(receipt: Receipt): string {
  return receipt.subject.map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join('');
}

function receiptDataset(
  result: DatasetResult,
  names: readonly NameResult[],
  proofs: readonly CopyProof[],
): ReceiptDataset | undefined {
  const { verdict, id, manifest, digest, cid, tier, wanted } = result;
  if (verdict !== 'satisfied') return undefined;
  if (
    id === undefined ||
    digest === undefined ||
    cid === undefined ||
    tier === undefined ||
    wanted === undefined
  ) {
    return undefined;
  }
  const holders = (result.peers ?? []).filter((peer) => peer.state === 'pinned');
  return {
    id,
    manifest,
    digest: { sha256: digest },
    cid,
    tier,
    signedBy: result.signedBy ?? [],
    copies: { min: wanted.min, max: wanted.max, have: result.copies ?? holders.length },
    regions: result.regions ?? [],
    peers: holders.map(({ peer, name, region }) => ({
      id: peer,
      ...(name !== undefined && { name }),
      ...(region !== undefined && { region }),
      ...proofOf(proofs.find((proof) => proof.cid === cid && proof.peer === peer)),
    })),
    seconds: Math.round((result.elapsedMs ?? 0) / 100) / 10,
    ...nameOf(id, names),
  };
}

function proofOf(proof: CopyProof | undefined): Pick<ReceiptPeer, 'proof'> {
  if (proof === undefined) return {};
  const { verdict, seed, at, draws, share, blocks, bytes } = proof;
  const how = share === undefined ? { draws } : { share };
  return { proof: { verdict, seed, at, ...how, blocks, bytes } };
}

function nameOf(id: string, names: readonly NameResult[]): Pick<ReceiptDataset, 'name'> {
  const { name, sequence, validUntil } = names.find((one) => one.id === id) ?? {};
  if (name === undefined || sequence === undefined || validUntil === undefined) return {};
  return { name: { name, sequence, validUntil } };
}
