import type { FileList } from '../manifest/file-list.ts';

/** Where the bytes of a file list come from. They prove themselves: the manifest has their SHA-256. */
export interface ListSource {
  /** For problems, for example `manifests/tides-v1.0.0.files.jsonl`. */
  readonly name: string;
  /** The size, where it is known before the bytes are read. */
  readonly size?: number | undefined;
  readonly isInGit?: boolean | undefined;
  /** Names the bytes, for example a Git blob id: lists with the same id are not compared. */
  readonly id?: string | undefined;
  read(): AsyncIterable<Uint8Array>;
}

/** Looks for a list where its manifest does not have it beside it: on IPFS. */
export type FindList = (fileList: FileList) => Promise<ListSource | undefined>;

const ending = '.files.jsonl';

/** The list beside a manifest: `tides-v1.0.0.files.jsonl` beside `tides-v1.0.0.json`. */
export function fileListPath(manifestPath: string): string {
  return `${manifestPath.replace(/\.json$/, '')}${ending}`;
}

/** A file of this name is a list, never a manifest. */
export function isFileListPath(path: string): boolean {
  return path.endsWith(ending);
}
