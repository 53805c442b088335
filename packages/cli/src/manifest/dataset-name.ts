import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readManifest } from '@holdfast/manifest';
import { compareVersions, type ReadManifest } from '@holdfast/manifest/internal';
import { escapeText, nearest } from '@holdfast/manifest/text';
import { inBatches } from '../frame/batch.ts';
import { Misuse } from '../frame/misuse.ts';
import { workTreeAround } from '../repository/work-tree.ts';

/** A manifest of the work tree, with its path from the current folder. */
export interface FoundManifest extends ReadManifest {
  readonly path: string;
}

/**
 * The file of a manifest on the command line: a path, or the name of a dataset of this repository. `tides@1.1.0` is one
 * version of it, `tides` the latest that is not withdrawn. A file of that name comes first.
 */
export async function manifestPath(cwd: string, operand: string): Promise<string> {
  const [, name, version] = /^([a-z0-9][a-z0-9._-]*)(?:@(.+))?$/.exec(operand) ?? [];
  if (name === undefined || operand.endsWith('.json') || (await isFile(resolve(cwd, operand))))
    return operand;
  const all = await manifestsOfWorkTree(cwd);
  const versions = all.filter(({ manifest }) => manifest.dataset.name === name);
  const found =
    version === undefined
      ? latestOf(versions)
      : versions.find(({ manifest }) => manifest.dataset.version === version);
  if (found) return found.path;
  if (versions.length > 0) {
    const known = versions.map(({ manifest }) => manifest.dataset.version).sort(compareVersions);
    throw new Misuse(
      `there is no version ${escapeText(version ?? '')} of ${name}; there is ${known.map(escapeText).join(', ')}`,
      'holdfast list shows every dataset',
    );
  }
  const near = nearest(name, [...new Set(all.map(({ manifest }) => manifest.dataset.name))]);
  if (version === undefined && near === undefined) return operand;
  throw new Misuse(
    `there is no dataset ${name}${near ? `; did you mean ${near}?` : ''}`,
    'holdfast list shows every dataset of this repository',
  );
}

/** The readable manifests below `manifests` of the work tree around `cwd`, by name and version. */
export async function manifestsOfWorkTree(cwd: string): Promise<readonly FoundManifest[]> {
  const root = (await workTreeAround(cwd))?.root ?? cwd;
  const folder = join(root, 'manifests');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const places = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name));
  const read = await inBatches(places, async (place) => {
    const path = relative(cwd, place);
    const result = readManifest(await readFile(place), { file: path });
    return result.ok ? [{ ...result, path }] : [];
  });
  return read.flat().sort(inOrder);
}

function inOrder({ manifest: { dataset: a } }: FoundManifest, { manifest: { dataset: b } }: FoundManifest) {
  return a.name === b.name ? compareVersions(a.version, b.version) : a.name < b.name ? -1 : 1;
}

function latestOf(versions: readonly FoundManifest[]): FoundManifest | undefined {
  return versions.findLast(({ manifest }) => !manifest.dataset.withdrawn) ?? versions.at(-1);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
