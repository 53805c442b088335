import {
  canonicalize,
  type Manifest,
  type PolicyDocument,
  type Problem,
  parsePolicy,
  readManifest,
} from '@holdfast/manifest';
import { readDocumentOperand } from '../frame/operand-file.ts';
import { manifestPath } from '../manifest/dataset-name.ts';

/** A file that takes signatures: a manifest, or a policy with a root. */
export type Signable =
  | { readonly kind: 'manifest'; readonly document: Manifest }
  | { readonly kind: 'policy'; readonly document: PolicyDocument };

export interface SignableFile {
  readonly path: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  /** Absent if the file is neither. */
  readonly signable?: Signable;
}

export async function readSignable(cwd: string, operand: string): Promise<SignableFile> {
  const path = await manifestPath(cwd, operand);
  const { bytes, text } = await readDocumentOperand(cwd, path);
  return signableFrom(path, bytes, text);
}

/** The name of the file tells a policy from a manifest. */
export function signableFrom(path: string, bytes: Uint8Array, text: string): SignableFile {
  if (/(^|[\\/])policy\.json$/.test(path)) {
    const read = parsePolicy(bytes, { file: path });
    return read.ok
      ? { path, text, problems: read.problems, signable: { kind: 'policy', document: read.value } }
      : { path, text, problems: read.problems };
  }
  const read = readManifest(bytes, { file: path });
  return read.ok
    ? { path, text, problems: read.problems, signable: { kind: 'manifest', document: read.manifest } }
    : { path, text, problems: read.problems };
}

/** The input of `ssh-keygen -Y sign`, and the namespace that tells manifests from policies. */
export function sshMessage(signable: Signable): { readonly namespace: string; readonly message: string } {
  return signable.kind === 'manifest'
    ? { namespace: 'holdfast-dataset', message: canonicalize(signable.document.dataset) }
    : { namespace: 'holdfast-policy', message: canonicalize(signable.document.policy) };
}
