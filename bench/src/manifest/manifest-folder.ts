import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A folder of signed manifests, made by a process of its own. */
export async function manifestFolder(
  node: string,
  folder: string,
  { manifests, files }: { manifests: number; files: number },
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const script = join(import.meta.dirname, 'make-manifests.ts');
  await promisify(execFile)(node, [script, folder, String(manifests), String(files)]);
  return folder;
}
