import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import ignore, { type Ignore } from 'ignore';
import { byteOrder } from '../dag/byte-order.ts';
import { ContentError } from '../error.ts';

export const ignoreFileName = '.holdfastignore';

export type SkipReason = 'git' | 'ignored' | 'ignore-file' | 'symlink' | 'empty-folder';

export interface Skipped {
  readonly path: string;
  readonly reason: SkipReason;
}

export interface WalkOptions {
  /** What to do about symbolic links: name them as an error (the default), leave them out, or read what they point to. */
  readonly symlinks?: 'refuse' | 'skip' | 'follow';
  /** Honour `.holdfastignore` (gitignore syntax) at the top of the folder. On by default. */
  readonly ignoreFile?: boolean;
  readonly signal?: AbortSignal;
  /** Paths that no rule leaves out. */
  readonly keep?: ReadonlySet<string>;
}

export interface Walk {
  /** Relative paths of regular files, in byte order. */
  readonly files: readonly string[];
  readonly skipped: readonly Skipped[];
}

interface State {
  readonly root: string;
  readonly options: WalkOptions;
  readonly rules: Ignore | undefined;
  /** `options.keep`, and every folder above one of those. */
  readonly kept: ReadonlySet<string>;
  readonly files: string[];
  readonly skipped: Skipped[];
  readonly refused: { path: string; what: string }[];
  /** When this thread last let others have their turn. */
  turned: number;
}

// Folders are listed synchronously: a promise for each entry takes longer than everything else here. The rest of the
// program, whoever wants to abort this among them, has its turn at least this often.
const turnEveryMs = 20;

/** Lists the files of a folder without reading them. Everything that cannot be hashed is refused by name, all at once. */
export async function walk(root: string, options: WalkOptions = {}): Promise<Walk> {
  const rules = options.ignoreFile === false ? undefined : await readRules(root);
  const kept = withFolders(options.keep ?? []);
  const state: State = {
    root,
    options,
    rules,
    kept,
    files: [],
    skipped: [],
    refused: [],
    turned: performance.now(),
  };
  await visit(state, '', options.symlinks === 'follow' ? [realpathSync(root)] : []);
  refuse(root, state.refused);
  return {
    files: state.files.sort(byteOrder),
    skipped: state.skipped.sort((a, b) => byteOrder(a.path, b.path)),
  };
}

/** Gives whether anything below `path` was listed. `above` holds the real paths of the folders entered through links. */
async function visit(state: State, path: string, above: readonly string[]): Promise<boolean> {
  if (performance.now() - state.turned > turnEveryMs) {
    await turn();
    state.turned = performance.now();
  }
  state.options.signal?.throwIfAborted();
  let found = false;
  for (const entry of list(state, path)) {
    const child = path === '' ? entry.name : `${path}/${entry.name}`;
    if (skip(state, entry, child)) continue;
    const kind = kindOf(state, entry, child);
    if (kind === 'file') {
      state.files.push(child);
      found = true;
    } else if (kind === 'folder') {
      found = (await enter(state, child, above)) || found;
    } else if (kind !== 'skipped') {
      state.refused.push({ path: child, what: kind });
    }
  }
  return found;
}

async function enter(state: State, path: string, above: readonly string[]): Promise<boolean> {
  let within = above;
  if (state.options.symlinks === 'follow') {
    const real = realpathSync(join(state.root, path));
    if (above.includes(real)) {
      state.refused.push({ path, what: 'a symbolic link to a folder above it' });
      return true;
    }
    within = [...above, real];
  }
  const refusedBefore = state.refused.length;
  const found = await visit(state, path, within);
  // A manifest lists files, so a folder without any could not be rebuilt from it.
  if (!found && state.refused.length === refusedBefore) state.skipped.push({ path, reason: 'empty-folder' });
  return found;
}

function list(state: State, path: string): Dirent[] {
  const folder = join(state.root, path);
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    if (entries.some(({ name }) => name.includes('\uFFFD'))) refuseUndecodable(state, path);
    return entries;
  } catch (cause) {
    throw new ContentError('unreadable', `"${folder}" could not be listed: ${reason(cause)}`, {
      cause,
      subject: folder,
    });
  }
}

/** Node decodes bytes that are not UTF-8 as U+FFFD, which would give the file another name. */
function refuseUndecodable(state: State, path: string): void {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (const name of readdirSync(join(state.root, path), { encoding: 'buffer' })) {
    try {
      decoder.decode(name);
    } catch {
      const shown = Array.from(name, (byte) =>
        byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`,
      ).join('');
      state.refused.push({
        path: path === '' ? shown : `${path}/${shown}`,
        what: 'a name that is not UTF-8',
      });
    }
  }
}

function skip(state: State, entry: Dirent, path: string): boolean {
  const reason = skipReason(state, entry, path);
  if (reason === undefined) return false;
  state.skipped.push({ path, reason });
  return true;
}

function skipReason(state: State, entry: Dirent, path: string): SkipReason | undefined {
  if (state.kept.has(path)) return undefined;
  if (entry.name === '.git') return 'git';
  if (state.rules === undefined) return undefined;
  if (path === ignoreFileName) return 'ignore-file';
  if (state.rules.ignores(entry.isDirectory() ? `${path}/` : path)) return 'ignored';
  return undefined;
}

function withFolders(paths: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const path of paths) {
    all.add(path);
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) all.add(path.slice(0, at));
  }
  return all;
}

function kindOf(state: State, entry: Dirent, path: string): string {
  if (
    entry.name.includes('\uFFFD') &&
    state.refused.some((refused) => refused.what === 'a name that is not UTF-8')
  ) {
    return 'skipped';
  }
  if (!entry.isSymbolicLink()) return named(entry);
  const { symlinks = 'refuse' } = state.options;
  if (symlinks === 'refuse') return 'a symbolic link';
  if (symlinks === 'skip') {
    state.skipped.push({ path, reason: 'symlink' });
    return 'skipped';
  }
  try {
    return named(statSync(join(state.root, path)));
  } catch (cause) {
    return `a symbolic link that leads nowhere (${reason(cause)})`;
  }
}

function named(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSocket' | 'isFIFO'>): string {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSocket()) return 'a socket';
  return entry.isFIFO() ? 'a FIFO' : 'a device';
}

async function readRules(root: string): Promise<Ignore | undefined> {
  const path = join(root, ignoreFileName);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) {
    throw new ContentError('entry-unsupported', `"${path}" expected a regular file`, { subject: path });
  }
  // Case matters on the file systems that datasets are published from, and must not depend on the machine.
  return ignore({ ignorecase: false }).add(await readFile(path, 'utf8'));
}

const namedAtMost = 10;

function refuse(root: string, refused: State['refused']): void {
  const [first] = refused;
  if (first === undefined) return;
  const shown = refused.slice(0, namedAtMost).map(({ path, what }) => `${JSON.stringify(path)} is ${what}`);
  if (refused.length > namedAtMost) shown.push(`and ${refused.length - namedAtMost} more`);
  throw new ContentError(
    'entry-unsupported',
    `"${root}" expected regular files and folders only: ${shown.join('; ')}. Remove them, list them in ${ignoreFileName}, or choose what symbolic links mean`,
    { subject: first.path },
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
