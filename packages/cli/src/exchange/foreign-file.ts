/** A file as the list of another tool has it. */
export interface ForeignFile {
  readonly path: string;
  readonly size?: number | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
  /** Where its bytes may be, on this machine. */
  readonly location?: string | undefined;
}

export const listKinds = ['sha256sums', 'bagit', 'dvc', 'huggingface'] as const;
export type ListKind = (typeof listKinds)[number];

export interface ForeignList {
  readonly kind: ListKind;
  /** What the list gives in place of a SHA-256, for the message. */
  readonly digest: string;
  readonly files: readonly ForeignFile[];
}
