import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '@holdfast/repository';
import { inBatches } from '../frame/batch.ts';

/** Manifests, keys and policy that differ from the commit in the work tree, or are missing there. */
export async function uncommitted(
  root: string,
  snapshot: Snapshot,
  publicKeys: string,
): Promise<readonly string[]> {
  const committed = new Map<string, string>([
    ...snapshot.manifests.map(({ path, id }) => [path, id] as const),
    ...snapshot.lists.map(({ path, id }) => [path, id] as const),
    ...snapshot.trustFiles.map(({ path, id }) => [`${publicKeys}/${path}`, id] as const),
  ]);
  const found = [
    ...(await filesBelow(root, 'manifests', '.json')),
    ...(await filesBelow(root, 'manifests', '.files.jsonl')),
    ...(await filesBelow(root, publicKeys, '')),
  ];
  const differing = await inBatches(found, async (path) =>
    (await sameAs(join(root, path), committed.get(path))) ? [] : [path],
  );
  const gone = [...committed.keys()].filter(
    (path) => !found.includes(path) && /^(manifests|public-keys)\//.test(path),
  );
  return [...differing.flat(), ...gone].sort();
}

async function filesBelow(root: string, folder: string, ending: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Git names a blob by the hash of `blob SIZE\0` and its bytes. The length of the name tells which hash. */
async function sameAs(path: string, id: string | undefined): Promise<boolean> {
  if (id === undefined) return false;
  const bytes = await readFile(path);
  const hash = createHash(id.length === 40 ? 'sha1' : 'sha256');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === id;
}
