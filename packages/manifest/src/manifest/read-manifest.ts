import { quickCheck } from '../json/quick-check.ts';
import { type ReadManifestOptions, readDocument } from '../json/read-document.ts';
import { rememberSource } from '../json/source.ts';
import type { SourceLocation } from '../json/source-locations.ts';
import type { Problem } from '../problem/problem.ts';
import { expectBytes } from '../text/argument.ts';
import { datasetRules } from './dataset-rules.ts';
import { freezeDataset, manifestDigest } from './digest.ts';
import { Manifest } from './manifest.ts';

export type ReadResult =
  | {
      readonly ok: true;
      /** Frozen at every depth: it cannot change after verification. */
      readonly manifest: Manifest;
      /** SHA-256 of the canonical `dataset`, lower-case hexadecimal. */
      readonly digest: string;
      /** Warnings. */
      readonly problems: readonly Problem[];
      /** The location of a JSON pointer in the file. */
      locate(pointer: string): SourceLocation;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const kind = {
  area: 'manifest',
  schema: Manifest,
  accepts: quickCheck(Manifest),
  rules: datasetRules,
} as const;

/**
 * A manifest from its bytes, or all its problems. Never throws.
 *
 * @example
 * ```ts
 * const read = readManifest(bytes, { file: 'manifests/tides-v1.0.0.json' });
 * read.ok; // => true
 * readManifest(bytes.subarray(1)).problems[0]?.code; // => 'json/syntax'
 * ```
 */
export function readManifest(bytes: Uint8Array, options: ReadManifestOptions = {}): ReadResult {
  expectBytes('readManifest', bytes);
  const read = readDocument<Manifest>(bytes, kind, options);
  if (!read.ok) return read;
  const { value: manifest, problems, locate } = read;
  freezeDataset(manifest);
  rememberSource(manifest.dataset, { file: options.file, locate });
  return { ok: true, manifest, digest: manifestDigest(manifest.dataset), problems, locate };
}
