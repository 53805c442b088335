/** The names of IPIP-0499 under which this package can build a CID. */
export type ProfileName = 'unixfs-v1-2025' | 'unixfs-v0-2015';

/** Everything that decides which CID a folder has. Frozen: a changed value would be another profile. */
export interface Profile {
  readonly name: ProfileName;
  readonly cidVersion: 0 | 1;
  readonly chunkSize: number;
  readonly rawLeaves: boolean;
  /** Links of a file node at most. */
  readonly fileLinks: number;
  /** A directory whose estimated size is above this becomes a HAMT. */
  readonly hamtThreshold: number;
  /** How a directory's size is estimated: the sum of names and CIDs, or the encoded block. */
  readonly hamtEstimate: 'links' | 'block';
  readonly hamtFanout: 256;
}
