import type { Manifest, TrustVerdict } from '@holdfast/manifest';
import type { DatasetFiles } from '@holdfast/manifest/files';

/** A manifest at a commit that passed: read, proved, and signed by those who may sign it. */
export interface AcceptedManifest {
  readonly path: string;
  readonly manifest: Manifest;
  /** SHA-256 of the canonical dataset, in hex. */
  readonly digest: string;
  readonly trust: TrustVerdict;
  /** From the manifest, or from the list beside it. */
  readonly files: DatasetFiles;
}
