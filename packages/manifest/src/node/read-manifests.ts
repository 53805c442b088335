import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { defaultMaxBytes, tooLarge } from '../json/read-document.ts';
import { type ReadResult, readManifest } from '../manifest/read-manifest.ts';

/** What `readManifest` says about a file, and its path, with `/` as the separator. */
export type FileManifest = ReadResult & { readonly path: string };

/**
 * Reads every `.json` file in a folder and below it, sorted by path. Symbolic links are not followed.
 *
 * @example
 * ```ts
 * const manifests = await readManifests('manifests');
 * manifests.map(({ path, ok }) => [path, ok]); // => [['manifests/tides-v1.0.0.json', true]]
 * ```
 */
export async function readManifests(
  folder: string,
  { maxBytes = defaultMaxBytes }: { readonly maxBytes?: number | undefined } = {},
): Promise<readonly FileManifest[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(folder, relative(folder, entry.parentPath), entry.name))
    .sort();
  const manifests: FileManifest[] = [];
  for (const file of paths) {
    const path = file.split(sep).join('/');
    const { size } = await stat(file);
    const read: ReadResult =
      size > maxBytes
        ? { ok: false, problems: [tooLarge(size, maxBytes, path)] }
        : readManifest(await readFile(file), { file: path, maxBytes });
    manifests.push({ path, ...read });
  }
  return manifests;
}
