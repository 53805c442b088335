import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatManifest, type Manifest, type ReadResult, readManifest } from '@holdfast/manifest';
import type { ReadManifest } from '@holdfast/manifest/internal';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import { inBatches } from '../frame/batch.ts';
import { Misuse } from '../frame/misuse.ts';
import { readDocumentOperand } from '../frame/operand-file.ts';
import { writeWhole } from '../frame/whole-file.ts';
import { manifestPath } from './dataset-name.ts';

/** A manifest named on the command line: read, or with the problems that prevent it. */
export interface ManifestFile {
  /** As it was named; the file of a dataset that was named. */
  readonly path: string;
  readonly text: string;
  readonly result: ReadResult;
}

export async function readManifestFile(cwd: string, operand: string): Promise<ManifestFile> {
  const path = await manifestPath(cwd, operand);
  const { bytes, text } = await readDocumentOperand(cwd, path);
  return { path, text, result: readManifest(bytes, { file: path }) };
}

/** A manifest that has to be valid; what is wrong with another one is `verify`'s to say. */
export async function readValidManifest(
  cwd: string,
  operand: string,
): Promise<{ readonly path: string; readonly manifest: Manifest }> {
  const { path, result } = await readManifestFile(cwd, operand);
  if (result.ok) return { path, manifest: result.manifest };
  throw new Misuse(
    `${escapeText(operand)} is not a valid manifest`,
    `holdfast verify ${commandPath(operand, 'FILE')} lists the reasons`,
  );
}

/** The readable manifests in a folder. Other files are ignored. */
export async function manifestsIn(
  folder: string,
): Promise<readonly (ReadManifest & { readonly path: string })[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => entry.name);
  const files = await inBatches(names.sort(), (name) => readManifestFile(folder, name).catch(otherFile));
  return files.flatMap((file) =>
    file?.result.ok ? [{ ...file.result, path: join(folder, file.path) }] : [],
  );
}

/** A file that is not a manifest by its size or content. A failure to read it is still an error. */
function otherFile(error: unknown): undefined {
  if (!(error instanceof Misuse)) throw error;
}

export async function writeDocument(
  cwd: string,
  path: string,
  document: Parameters<typeof formatManifest>[0],
): Promise<void> {
  await writeWhole(resolve(cwd, path), formatManifest(document));
}

/** The text of each file by its name, for excerpts under problems. */
export function sourcesOf(files: readonly ManifestFile[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file.path, file.text]));
}

/** The dataset of a manifest, for people. */
export function titleOf({ dataset }: Manifest): string {
  return `${dataset.name} ${dataset.version}`;
}
