import { ContentError } from './error.ts';

/** The names of IPIP-0499 under which this package can build a CID. */
export type ProfileName = 'unixfs-v1-2025' | 'unixfs-v0-2015';

/** Everything that decides which CID a folder has. Frozen: a changed value would be another profile. */
export interface ImportProfile {
  readonly name: ProfileName;
  /** The form of the links inside the DAG. CIDs are always written as CIDv1. */
  readonly cidVersion: 0 | 1;
  readonly chunkSize: number;
  readonly rawLeaves: boolean;
  /** Links of a file node at most. */
  readonly fileLinks: number;
  /** A directory whose estimated size is above this (not at it) becomes a HAMT. */
  readonly hamtThreshold: number;
  /** How a directory's size is estimated: the sum of names and CIDs, or the encoded block. */
  readonly hamtEstimate: 'links' | 'block';
  readonly hamtFanout: 256;
}

/** The profiles of IPIP-0499, as Kubo's config profiles of the same names have them. */
export const profiles: Readonly<Record<ProfileName, ImportProfile>> = Object.freeze({
  'unixfs-v1-2025': Object.freeze<ImportProfile>({
    name: 'unixfs-v1-2025',
    cidVersion: 1,
    chunkSize: 1_048_576,
    rawLeaves: true,
    fileLinks: 1024,
    hamtThreshold: 262_144,
    hamtEstimate: 'block',
    hamtFanout: 256,
  }),
  'unixfs-v0-2015': Object.freeze<ImportProfile>({
    name: 'unixfs-v0-2015',
    cidVersion: 0,
    chunkSize: 262_144,
    rawLeaves: false,
    fileLinks: 174,
    hamtThreshold: 262_144,
    hamtEstimate: 'links',
    hamtFanout: 256,
  }),
});

export const defaultProfile: ProfileName = 'unixfs-v1-2025';

export function profileOf(name: ProfileName): ImportProfile {
  if (!Object.hasOwn(profiles, name)) {
    throw new ContentError(
      'profile-unknown',
      `"profile" expected ${Object.keys(profiles).join(' or ')}, got ${JSON.stringify(name)}`,
    );
  }
  return profiles[name];
}
