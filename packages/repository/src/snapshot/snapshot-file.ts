/** A file of a commit, without its contents. */
export interface SnapshotFile {
  readonly path: string;
  readonly id: string;
  readonly size: number;
}
