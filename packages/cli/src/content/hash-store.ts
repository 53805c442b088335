import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HashCache } from '@holdfast/content';
import { bytes, escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';

/** All folders that were hashed, about ten million files. */
const largest = 1 << 30;
const partEnding = '.part';
/** A run that was killed leaves its part; no run writes for as long as this. */
const partMs = 86_400_000;

/** Where hashes are remembered: the user's cache folder (XDG Base Directory). Nothing without a home. */
export function hashFolderOf(env: Tools['env']): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  const caches = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (home && join(home, '.cache'));
  return caches ? join(caches, 'holdfast', 'hashes') : undefined;
}

/**
 * A file for each folder that was hashed. It is written beside and renamed, so that of two processes the last one wins and
 * no reader sees half of it. A cache that cannot be read or written costs time, never the run.
 */
export function hashStore(
  tools: Pick<Tools, 'env' | 'note' | 'clock'>,
  limit: number = largest,
): HashCache | undefined {
  const folder = hashFolderOf(tools.env);
  if (folder === undefined) return undefined;
  return {
    clock: tools.clock,
    async load(name) {
      const path = join(folder, name);
      try {
        const found = await readFile(path);
        const now = tools.clock();
        // What was used last is removed last.
        await utimes(path, now, now).catch(() => undefined);
        return found;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          tools.note(`the hash cache could not be read, so every file is hashed: ${messageOf(error)}`);
        return undefined;
      }
    },
    async save(name, content) {
      if (content.length > limit) {
        tools.note(`the hashes take ${bytes(content.length)}, more than the cache of ${bytes(limit)} holds`);
        return;
      }
      const part = join(folder, `${name}.${randomBytes(6).toString('hex')}${partEnding}`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(part, content, { mode: 0o600 });
        await rename(part, join(folder, name));
        await prune(folder, limit, tools.clock());
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined);
        tools.note(`the hash cache could not be written: ${messageOf(error)}`);
      }
    },
    onIgnored: (name, reason) =>
      tools.note(
        `ignoring the hash cache ${escapeText(join(folder, name))}, so every file is hashed: ${reason}`,
      ),
  };
}

/** Removes what was used longest ago, down to the limit. Another process may do the same. */
async function prune(folder: string, limit: number, now: Date): Promise<void> {
  const found: { path: string; size: number; used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats === undefined) continue;
    if (!name.endsWith(partEnding)) found.push({ path, size: stats.size, used: stats.mtimeMs });
    else if (now.getTime() - stats.mtimeMs > partMs) await rm(path, { force: true });
  }
  let total = found.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of found.sort((a, b) => a.used - b.used)) {
    if (total <= limit) return;
    await rm(path, { force: true });
    total -= size;
  }
}

function messageOf(error: unknown): string {
  return escapeText(error instanceof Error ? error.message : String(error));
}
