import { copiesFor, type PinRequest } from '@holdfast/pinning';
import type { AcceptedManifest } from './accepted-manifest.ts';
import { datasetId, listPinId } from './dataset-id.ts';

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

/** The same for the file list of a dataset that has one: whoever has the manifest can then find the files. */
export function listPinRequest(
  file: Pick<AcceptedManifest, 'manifest' | 'trust' | 'digest'>,
  owner: string,
): PinRequest | undefined {
  const { fileList } = file.manifest.dataset;
  if (fileList === undefined) return undefined;
  const request = pinRequest(file, owner);
  const id = listPinId(request.id);
  return { ...request, cid: fileList.cid, id, name: id, totalSize: fileList.size };
}
