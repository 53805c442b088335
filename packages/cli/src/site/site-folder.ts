import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import type { SiteFile } from '@holdfast/site';
import { Misuse } from '../frame/misuse.ts';
import { inPieces, unwritten } from '../frame/whole-file.ts';

/** By these a folder is known to be a site: nothing else is ever replaced. */
const ofASite = ['index.html', 'status.json', 'style.css'];
const turnEvery = 200;

/** Refuses a folder that holds something else. Puts in order what a build that was killed left behind. */
export async function siteFolderAt(folder: string, shown: string): Promise<void> {
  await clearLeftovers(folder);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw unwritten(shown, error);
  });
  if (names.length === 0 || ofASite.every((name) => names.includes(name))) return;
  throw new Misuse(
    `${escapeText(shown)} is not empty, and no site`,
    `choose another folder, or empty this one: rm -r ${commandPath(shown, 'DIR')}`,
  );
}

/** Writes a site beside its place and then takes that: readers see the old one or the new one, never half of one. */
export async function writeSite(
  folder: string,
  files: AsyncIterable<SiteFile>,
  { signal, onFile }: { readonly signal: AbortSignal; readonly onFile: (count: number) => void },
): Promise<{ readonly files: number; readonly bytes: number }> {
  const id = randomUUID().slice(0, 8);
  const fresh = `${folder}.new-${id}`;
  const old = `${folder}.old-${id}`;
  const made = new Set<string>();
  let count = 0;
  let bytes = 0;
  try {
    for await (const { path, text } of files) {
      const place = join(fresh, path);
      const parent = dirname(place);
      if (!made.has(parent)) {
        mkdirSync(parent, { recursive: true });
        made.add(parent);
      }
      if (typeof text === 'string') {
        // At once: a site may have a hundred thousand small files, and each turn of the event loop would cost more than the file.
        writeFileSync(place, text);
        bytes += Buffer.byteLength(text);
      } else bytes += await writePieces(place, text);
      count += 1;
      if (count % turnEvery > 0) continue;
      onFile(count);
      await turn();
      signal.throwIfAborted();
    }
    await rename(folder, old).catch(unlessMissing);
    await rename(fresh, folder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    throw (error as NodeJS.ErrnoException).syscall === undefined
      ? error
      : unwritten(folder, error as NodeJS.ErrnoException);
  }
  return { files: count, bytes };
}

const leftAfterMs = 3_600_000;

/** A build that was killed leaves its folder beside the site; between its last two steps, the site under another name. */
async function clearLeftovers(folder: string): Promise<void> {
  const around = dirname(folder);
  const names = await readdir(around).catch(() => [] as string[]);
  const ours = names.filter((name) => leftover.test(name) && name.startsWith(`${basename(folder)}.`));
  for (const name of ours) {
    const place = join(around, name);
    if (name.includes('.old-') && !names.includes(basename(folder))) {
      await rename(place, folder);
      continue;
    }
    // A build that is under way has written something just now.
    const { mtimeMs } = await stat(place);
    if (Date.now() - mtimeMs > leftAfterMs) await rm(place, { recursive: true, force: true });
  }
}

const leftover = /\.(new|old)-[0-9a-f]{8}$/;

/** At once, as the others: most are small files too. */
async function writePieces(place: string, text: AsyncIterable<string>): Promise<number> {
  const file = openSync(place, 'w');
  try {
    let bytes = 0;
    for await (const piece of inPieces(text)) {
      const part = Buffer.from(piece);
      writeFileSync(file, part);
      bytes += part.length;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
