import type { DatasetFiles } from '../file-list/dataset-files.ts';
import type { FindList } from '../file-list/list-source.ts';
import type { CreateRootBuilder } from '../file-list/prove-list.ts';
import type { RootBuilder } from '../manifest/prove-files.ts';
import type { ReadResult } from '../manifest/read-manifest.ts';
import type { Problem } from '../problem/problem.ts';
import type { TrustVerdict } from '../trust/evaluate-trust.ts';
import type { Trust, TrustFile } from '../trust/trust.ts';
import type { ManifestFile } from './manifest-index.ts';
import type { TrustExplanation } from './trust-explanation.ts';

/** The manifests and keys of a repository at one commit. */
export interface RepositoryState {
  readonly manifests: readonly ManifestFile[];
  /** The files of the key folder; their paths are relative to it. */
  readonly trustFiles: readonly TrustFile[];
}

export interface ChangeOptions {
  /** The current time, for validity windows. */
  readonly at: Date;
  /** `owner/name` of the repository being checked. */
  readonly repository?: string | undefined;
  /** `rootFromFiles` of `@holdfast/content`. */
  readonly rootFromFiles: RootBuilder;
  /** `createRootBuilder` of `@holdfast/content`, for datasets with a file list. */
  readonly createRootBuilder?: CreateRootBuilder | undefined;
  /** Looks for a file list that is not beside its manifest. */
  readonly findList?: FindList | undefined;
  /** Warnings fail the change too. */
  readonly strict?: boolean | undefined;
  /** `all` also judges manifests that did not change. Default: `changed`. */
  readonly mode?: 'changed' | 'all' | undefined;
  readonly maxBytes?: number | undefined;
  /** The key folder, for the `file` of problems. Default: `public-keys`. */
  readonly publicKeys?: string | undefined;
}

export type ReadManifest = Extract<ReadResult, { ok: true }>;

export interface Change {
  /** `unchanged` only with the mode `all`. */
  readonly kind: 'add' | 'update' | 'withdraw' | 'delete' | 'rename' | 'keys' | 'policy' | 'unchanged';
  readonly path: string;
  /** The old path of a rename. */
  readonly from?: string;
  readonly before?: ReadManifest;
  /** For a new version: the merged version right before it. */
  readonly previous?: ReadManifest;
  /** Absent if the file cannot be read, or is deleted. */
  readonly after?: ReadManifest;
  readonly trust?: TrustVerdict;
  /** Of `after`, if it was proved. */
  readonly files?: DatasetFiles;
  /** Of `previous`. */
  readonly previousFiles?: DatasetFiles;
  /** Bytes of the files of `after` that `previous` does not have: equal content counts once. */
  readonly newBytes?: number;
  readonly problems: readonly Problem[];
}

export interface ChangeReport {
  readonly ok: boolean;
  /** The problems of all changes, and those of no single change. */
  readonly problems: readonly Problem[];
  readonly changes: readonly Change[];
  /** The trust that decided: the base's, or the head's if there is no base. */
  readonly trust: Trust;
  /** What a change of keys or policy means for who may sign. */
  readonly trustChange?: TrustExplanation;
}
