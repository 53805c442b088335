import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../processes/process-identity.ts';
import { type Engine, enginesFolder, engineVersion } from './engine.ts';

/** Where built engines are kept between runs. */
export function engineCache(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HOLDFAST_ENGINES_DIR) return env.HOLDFAST_ENGINES_DIR;
  const caches = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(caches, 'holdfast', 'engines');
}

/** The folder in the cache that holds the binaries of one module: other sources, other folder. */
export function cacheEntry(engine: Engine, cache: string, folder: string = enginesFolder): string {
  const module = join(folder, engine.module);
  const hash = createHash('sha256');
  for (const file of readdirSync(module, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(module, file);
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path));
  }
  const version = engineVersion(engine, folder);
  const sources = hash.digest('hex').slice(0, 12);
  return join(cache, `${engine.module}-${version}-${process.platform}-${process.arch}-${sources}`);
}

/**
 * Makes the entry by filling a folder beside it and renaming that into place, so that nobody ever sees a half-built one.
 * The lock only saves work: of two builders that both got through one may fail, and none makes a wrong entry.
 */
export async function fillEntry(
  entry: string,
  fill: (folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  mkdirSync(dirname(entry), { recursive: true });
  const lock = `${entry}.lock`;
  while (!takeLock(lock)) {
    await sleep(250, undefined, signal ? { signal } : {});
    if (existsSync(entry)) return;
  }
  const building = `${entry}.building-${randomBytes(4).toString('hex')}`;
  try {
    if (existsSync(entry)) return;
    removeLeftovers(entry);
    mkdirSync(building);
    await fill(building);
    if (!existsSync(entry)) renameSync(building, entry);
  } finally {
    rmSync(building, { recursive: true, force: true });
    rmSync(lock, { force: true });
  }
}

/** What builders left that were killed: hundreds of megabytes each, which nobody would ever look at. */
function removeLeftovers(entry: string): void {
  const folder = dirname(entry);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(entry)}.building-`))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!isAlive(lockHolder(lock))) rmSync(lock, { force: true });
  return false;
}

function lockHolder(lock: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
