import type { RootBuilder } from '../manifest/prove-files.ts';
import type { ReadResult } from '../manifest/read-manifest.ts';
import type { Problem } from '../problem/problem.ts';
import type { TrustVerdict } from '../trust/evaluate-trust.ts';
import type { Trust, TrustFile } from '../trust/trust.ts';
import type { ManifestFile } from './manifest-index.ts';
import type { TrustExplanation } from './trust-explanation.ts';

/** What a repository says at one commit. */
export interface RepositoryState {
  readonly manifests: readonly ManifestFile[];
  /** Of the folder of public keys; paths relative to it. */
  readonly trustFiles: readonly TrustFile[];
}

export interface ChangeOptions {
  /** Now: validity windows are judged at it. */
  readonly at: Date;
  /** `owner/name` of the repository being checked. */
  readonly repository?: string | undefined;
  /** `rootFromFiles` of `@holdfast/content`. */
  readonly rootFromFiles: RootBuilder;
  /** A warning fails the change too. */
  readonly strict?: boolean | undefined;
  /** `all` also reads and judges what did not change, as merged. */
  readonly mode?: 'changed' | 'all' | undefined;
  readonly maxBytes?: number | undefined;
  /** Folder of the public keys, for the `file` of problems. Default: `public-keys`. */
  readonly publicKeys?: string | undefined;
}

export type ReadManifest = Extract<ReadResult, { ok: true }>;

export interface Change {
  /** `unchanged` only where everything was asked for. */
  readonly kind: 'add' | 'update' | 'withdraw' | 'delete' | 'rename' | 'keys' | 'policy' | 'unchanged';
  readonly path: string;
  /** Of a rename. */
  readonly from?: string;
  readonly before?: ReadManifest;
  /** Of a new version: the merged version of the dataset that comes right before it. */
  readonly previous?: ReadManifest;
  /** Absent where the file cannot be read, or is gone. */
  readonly after?: ReadManifest;
  readonly trust?: TrustVerdict;
  readonly problems: readonly Problem[];
}

export interface ChangeReport {
  readonly ok: boolean;
  /** Of all changes and of the whole. */
  readonly problems: readonly Problem[];
  readonly changes: readonly Change[];
  /** Whose word counted: the base's, or the head's own where there is no base. */
  readonly trust: Trust;
  /** What the change does to who may sign, where it touches keys or policy. */
  readonly trustChange?: TrustExplanation;
}
