/** What a policy allows a file list to be. */
export interface ListLimits {
  readonly files: number;
  readonly bytes: number;
  /** Of a list that Git keeps. */
  readonly bytesInGit: number;
  /** Folders above a file. */
  readonly depth: number;
}

const mebibyte = 1024 * 1024;

export const defaultListLimits: ListLimits = {
  files: 1_000_000,
  bytes: 512 * mebibyte,
  bytesInGit: 95 * mebibyte,
  depth: 100,
};
