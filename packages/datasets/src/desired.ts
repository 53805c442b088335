import type { PinRequest } from '@holdfast/pinning';
import type { AcceptedManifest } from './accepted-manifest.ts';
import { datasetId } from './dataset-id.ts';
import { pinRequest } from './pin-request.ts';

/** What the accepted manifests of a commit ask of a target. */
export interface Desired {
  /** Whose pins these are, for example `github.com/owner/repo`. */
  readonly owner: string;
  readonly requests: readonly PinRequest[];
  /** Ids of datasets that a signed manifest withdrew. */
  readonly withdrawn: readonly string[];
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
  for (const file of accepted) {
    const { dataset } = file.manifest;
    const id = datasetId(dataset);
    const other = byId.get(id);
    if (other !== undefined) throw new TypeError(`${id} is in ${other.path} and in ${file.path}`);
    byId.set(id, file);
    if (dataset.withdrawn !== undefined) withdrawn.push(id);
    else requests.push(pinRequest(file, owner));
  }
  return { owner, requests, withdrawn, byId };
}
