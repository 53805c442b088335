import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '@holdfast/manifest/replace-file';
import { escapeText } from '@holdfast/manifest/text';
import { unwritten } from './whole-file.ts';

/** Somebody else holds the file for longer than anyone should need. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly code = 'locked';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

const waitMs = 10_000;
const pauseMs = 20;
/** A lock is written right after it is made. One that is still empty after this was left by a crash. */
const emptyMs = 5_000;

/**
 * Runs `work` while no other command changes `place`: what it reads there is still so when it writes. A lock whose process
 * is gone is taken over.
 */
export async function holdingFile<T>(
  place: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  options: { readonly waitMs?: number } = {},
): Promise<T> {
  const lock = join(dirname(place), `.${basename(place)}.lock`);
  await acquire(lock, place, signal, performance.now() + (options.waitMs ?? waitMs));
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function acquire(lock: string, place: string, signal: AbortSignal, until: number): Promise<void> {
  while (!(await taken(lock, place))) {
    signal.throwIfAborted();
    const owner = await ownerOf(lock);
    if (owner !== undefined && isGone(owner)) await breakLock(lock, place);
    else if (performance.now() > until) throw locked(place, lock, owner);
    else await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function taken(lock: string, place: string): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    await makeFolder(dirname(lock));
    file = await open(lock, 'wx');
    await file.writeFile(`${hostname()} ${process.pid}\n`);
    return true;
  } catch (error) {
    if (file !== undefined) await rm(lock, { force: true }).catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritten(place, error as NodeJS.ErrnoException);
  } finally {
    await file?.close();
  }
}

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** It wrote no name, and had the time to. */
  readonly crashed?: true;
}

/** Absent if the lock is gone by now, or its owner is about to write its name. */
async function ownerOf(lock: string): Promise<Owner | undefined> {
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [, host, pid] = /^(\S+) (\d+)\n$/.exec(text) ?? [];
  if (host !== undefined) return { host, pid: Number(pid) };
  const made = await stat(lock).catch(() => undefined);
  const isOld = made !== undefined && Date.now() - made.mtimeMs > emptyMs;
  return isOld ? { host: hostname(), pid: 0, crashed: true } : undefined;
}

/** Only a process of this machine can be looked for. */
function isGone({ host, pid, crashed }: Owner): boolean {
  if (crashed) return true;
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** One process at a time looks again and removes it, so that nobody removes the lock of who came next. */
async function breakLock(lock: string, place: string): Promise<void> {
  const breaker = `${lock}.break`;
  if (!(await taken(breaker, place))) {
    await delay(pauseMs);
    return;
  }
  try {
    const owner = await ownerOf(lock);
    if (owner !== undefined && isGone(owner)) await rm(lock, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

function locked(place: string, lock: string, owner: Owner | undefined): LockedError {
  const by = owner ? `process ${owner.pid} on ${owner.host}` : 'another process';
  return new LockedError(
    `${escapeText(place)} is being changed by ${escapeText(by)}`,
    `wait until it ends and run the same command again; if it is gone, delete ${escapeText(lock)}`,
  );
}
