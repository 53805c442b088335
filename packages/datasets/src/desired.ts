import type { Manifest, TrustVerdict } from '@holdfast/manifest';
import { copiesFor, type PinRequest } from '@holdfast/pinning';

/** A manifest at the commit that passed: read, proved and signed by those who may. */
export interface AcceptedManifest {
  readonly path: string;
  readonly manifest: Manifest;
  readonly digest: string;
  readonly trust: TrustVerdict;
}

export interface Desired {
  readonly requests: readonly PinRequest[];
  /** Ids of datasets that a signed manifest took out. */
  readonly withdrawn: readonly string[];
  readonly byId: ReadonlyMap<string, AcceptedManifest>;
}

export function datasetId({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

/** What the accepted manifests ask of a target. Two that claim the same id must have been told apart before. */
export function desiredPins(accepted: readonly AcceptedManifest[], owner: string): Desired {
  const byId = new Map<string, AcceptedManifest>();
  const requests: PinRequest[] = [];
  const withdrawn: string[] = [];
  for (const file of accepted) {
    const { dataset } = file.manifest;
    const id = datasetId(dataset);
    if (byId.has(id)) throw new TypeError(`${id} is in ${byId.get(id)?.path} and in ${file.path}`);
    byId.set(id, file);
    if (dataset.withdrawn !== undefined) withdrawn.push(id);
    else requests.push(requestOf(file, id, owner));
  }
  return { requests, withdrawn, byId };
}

function requestOf(
  { manifest: { dataset }, trust, digest }: AcceptedManifest,
  id: string,
  owner: string,
): PinRequest {
  return {
    cid: dataset.cid,
    id,
    owner,
    name: id,
    copies: copiesFor(dataset.tier, { [dataset.tier]: trust.tierCopies }),
    totalSize: dataset.totalSize,
    ...(dataset.expires !== undefined && { expires: dataset.expires }),
    ...(dataset.origins !== undefined && { origins: dataset.origins }),
    metadata: { 'holdfast-digest': digest },
  };
}
