import { copiesFor, type PinRequest } from '@holdfast/pinning';
import type { AcceptedManifest } from './accepted-manifest.ts';
import { datasetId } from './dataset-id.ts';

/** What an accepted manifest asks of a target: the copies of its tier, as the policy counts them. */
export function pinRequest(
  { manifest: { dataset }, trust, digest }: Pick<AcceptedManifest, 'manifest' | 'trust' | 'digest'>,
  owner: string,
): PinRequest {
  const { cid, tier, totalSize, expires, origins } = dataset;
  const id = datasetId(dataset);
  return {
    cid,
    id,
    owner,
    name: id,
    copies: copiesFor(tier, { [tier]: trust.tierCopies }),
    totalSize,
    ...(expires !== undefined && { expires }),
    ...(origins !== undefined && { origins }),
    metadata: { 'holdfast-digest': digest },
  };
}
