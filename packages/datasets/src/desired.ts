import type { PinRequest } from '@holdfast/pinning';
import type { AcceptedManifest } from './accepted-manifest.ts';
import { datasetId, listPinId } from './dataset-id.ts';
import { listPinRequest, pinRequest } from './pin-request.ts';

/** What the accepted manifests of a commit ask of a target. */
export interface Desired {
  /** Whose pins these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  readonly requests: readonly PinRequest[];
  /** Ids of datasets that a signed manifest withdrew. */
  readonly withdrawn: readonly string[];
  /** The pins of these: of their content, and of their file lists. */
  readonly withdrawnPins: readonly { readonly id: string; readonly cid: string }[];
  readonly byId: ReadonlyMap<string, AcceptedManifest>;
}

/**
 * The pin requests of accepted manifests. Throws a TypeError where two manifests have one id;
 * `acceptManifests` refuses the second.
 */
export function desiredPins(accepted: readonly AcceptedManifest[], owner: string): Desired {
  const byId = new Map<string, AcceptedManifest>();
  const requests: PinRequest[] = [];
  const withdrawn: string[] = [];
  const withdrawnPins: { id: string; cid: string }[] = [];
  for (const file of accepted) {
    const { dataset } = file.manifest;
    const id = datasetId(dataset);
    const other = byId.get(id);
    if (other !== undefined) throw new TypeError(`${id} is in ${other.path} and in ${file.path}`);
    byId.set(id, file);
    if (dataset.withdrawn !== undefined) {
      withdrawn.push(id);
      withdrawnPins.push({ id, cid: dataset.cid });
      if (dataset.fileList) withdrawnPins.push({ id: listPinId(id), cid: dataset.fileList.cid });
    } else requests.push(...pinRequests(file, owner));
  }
  return { owner, requests, withdrawn, withdrawnPins, byId };
}

/** Of its content, and of its file list if it has one. */
function pinRequests(file: AcceptedManifest, owner: string): PinRequest[] {
  const list = listPinRequest(file, owner);
  return list === undefined ? [pinRequest(file, owner)] : [pinRequest(file, owner), list];
}
