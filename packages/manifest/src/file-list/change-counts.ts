export interface FileCount {
  readonly files: number;
  /** Of the files; for `changed`, what they grew by: negative where they shrank. */
  readonly bytes: number;
}

export interface ChangeCounts {
  readonly added: FileCount;
  readonly removed: FileCount;
  readonly changed: FileCount;
  /** The same content under another path. */
  readonly moved: FileCount;
}

export type MutableCounts = { [kind in keyof ChangeCounts]: { files: number; bytes: number } };

export function emptyCounts(): MutableCounts {
  const none = () => ({ files: 0, bytes: 0 });
  return { added: none(), removed: none(), changed: none(), moved: none() };
}
