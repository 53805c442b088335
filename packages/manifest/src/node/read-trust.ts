import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoadedTrust, loadTrust } from '../trust/load-trust.ts';
import { maxTrustBytes, type TrustFile } from '../trust/trust.ts';

/**
 * Reads the keys and the policy in a folder, by default `public-keys`. Problems name the folder as `shown`.
 *
 * @example
 * ```ts
 * const { trust, problems } = await readTrust('public-keys');
 * [...trust.signers.keys()]; // => ['alice']
 * ```
 */
export async function readTrust(
  folder = 'public-keys',
  { shown = folder }: { readonly shown?: string | undefined } = {},
): Promise<LoadedTrust> {
  return loadTrust(await readTrustFiles(folder), { folder: shown });
}

/**
 * What `loadTrust` takes: every file of the folder, with its path in it.
 *
 * @example
 * ```ts
 * const { trust } = loadTrust(await readTrustFiles('public-keys'));
 * [...trust.signers.keys()]; // => ['alice']
 * ```
 */
export async function readTrustFiles(folder = 'public-keys'): Promise<readonly TrustFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  // A link or a file that is too large becomes an empty one, which is neither a key nor a policy. Without it, trust could have fewer rules.
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(async (entry) => {
      const path = join(folder, entry.name);
      const readable = entry.isFile() && (await stat(path)).size <= maxTrustBytes;
      return { path: entry.name, bytes: readable ? await readFile(path) : new Uint8Array() };
    });
  return Promise.all(files);
}
