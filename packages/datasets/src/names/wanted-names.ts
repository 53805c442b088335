import { compareVersions } from '@holdfast/manifest/internal';
import type { AcceptedManifest } from '../accepted-manifest.ts';
import { datasetId } from '../dataset-id.ts';

/** A name of the policy, and what it should point to. */
export interface WantedName {
  readonly dataset: string;
  /** The IPNS name: `k51…`. */
  readonly name: string;
  /** The highest version that is not withdrawn; absent if there is none. */
  readonly latest?: NamedVersion;
  /** Every version that is not withdrawn, by its CID. */
  readonly versions: ReadonlyMap<string, NamedVersion>;
}

export interface NamedVersion {
  /** `name@version`. */
  readonly id: string;
  readonly cid: string;
}

/** What the names of a policy should point to: only versions whose manifests passed. */
export function wantedNames(
  accepted: readonly AcceptedManifest[],
  names: ReadonlyMap<string, string>,
): WantedName[] {
  return Array.from(names, ([dataset, name]) => {
    const versions = accepted
      .map(({ manifest }) => manifest.dataset)
      .filter((one) => one.name === dataset && one.withdrawn === undefined)
      .sort((a, b) => compareVersions(a.version, b.version))
      .map((one): NamedVersion => ({ id: datasetId(one), cid: one.cid }));
    const latest = versions.at(-1);
    return {
      dataset,
      name,
      ...(latest !== undefined && { latest }),
      versions: new Map(versions.map((version) => [version.cid, version])),
    };
  });
}
