import type { Manifest } from '../manifest/manifest.ts';
import { couldSign } from '../trust/counted-signer.ts';
import { evaluateTrust, evaluateTrustAsync, ruleFor } from '../trust/evaluate-trust.ts';
import type { Trust } from '../trust/trust.ts';
import { inOrder } from './in-order.ts';
import { type ManifestFile, readFile } from './manifest-index.ts';

/** A merged manifest that has the signatures it needs before the change, and not after it. */
export interface FallenManifest {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** "needs 2 of alice, bob; has alice" */
  readonly explanation: string;
}

export interface MergedEffect {
  readonly fallen: readonly FallenManifest[];
  /** Names of merged datasets that nobody could sign for, though somebody can before the change. */
  readonly orphaned: readonly string[];
}

/** What another trust does to manifests that are merged and stay. */
export async function mergedEffect(
  files: readonly ManifestFile[],
  before: Trust,
  after: Trust,
  { at, maxBytes }: { readonly at: Date; readonly maxBytes?: number | undefined },
): Promise<MergedEffect> {
  const fallen: FallenManifest[] = [];
  const orphaned = new Set<string>();
  const judge = async (file: ManifestFile) => {
    const read = readFile(file, maxBytes);
    if (!read.ok || read.manifest.dataset.withdrawn !== undefined) return undefined;
    const { manifest } = read;
    const verdict = await evaluateTrustAsync({ path: file.path, manifest }, after, 'merged');
    return { path: file.path, manifest, verdict };
  };
  for await (const judged of inOrder(files, judge)) {
    if (judged === undefined) continue;
    const { path, manifest, verdict } = judged;
    const { name, version } = manifest.dataset;
    if (!canSign(path, after, at) && canSign(path, before, at)) orphaned.add(name);
    if (verdict.ok || !wasOk(path, manifest, before)) continue;
    fallen.push({ path, name, version, explanation: verdict.problems[0]?.message ?? verdict.explanation });
  }
  return { fallen, orphaned: [...orphaned] };
}

function wasOk(path: string, manifest: Manifest, before: Trust): boolean {
  return evaluateTrust({ path, manifest }, before, 'merged').ok;
}

/** True if enough signers of the rule for a path have a key that counts now. */
function canSign(path: string, trust: Trust, at: Date): boolean {
  const rule = trust.usable ? ruleFor(trust, path) : undefined;
  if (rule === undefined) return false;
  return rule.signers.filter((name) => couldSign(name, trust, at)).length >= rule.threshold;
}

/** "tides 1.0.0 no longer has the signatures it needs: needs 2 of alice, bob; has alice (manifests/tides.json)" */
export function fallenLine({ name, version, explanation, path }: FallenManifest): string {
  return `${name} ${version} no longer has the signatures it needs: ${explanation} (${path})`;
}
