import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** What is known of a Git work tree without running git. */
export interface WorkTree {
  readonly root: string;
  /** `owner/name` of the remote on a forge. */
  readonly repository?: string;
  /** The remote's host, for example `github.com`. */
  readonly host?: string;
}

/** The work tree around `folder`, if there is one. */
export async function workTreeAround(folder: string): Promise<WorkTree | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const dotGit = join(at, '.git');
    const found = await stat(dotGit).catch(() => undefined);
    if (found) {
      const { common } = await gitFolders(dotGit, found.isDirectory());
      return { root: at, ...remoteOf(await textOf(common, 'config')) };
    }
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The branch that pull requests go to: the remote's default, else main or master, else the current one. The current
 * branch comes last, because it may become the pull request.
 */
export async function defaultBranch(root: string): Promise<string> {
  const dotGit = join(root, '.git');
  const { own, common } = await gitFolders(dotGit, (await stat(dotGit)).isDirectory());
  const packed = await textOf(common, 'packed-refs');
  const isThere = async (branch: string) =>
    packed.includes(` refs/heads/${branch}\n`) || (await textOf(common, 'refs', 'heads', branch)) !== '';
  for (const remote of ['upstream', 'origin']) {
    const head = await textOf(common, 'refs', 'remotes', remote, 'HEAD');
    const named = new RegExp(`^ref: refs/remotes/${remote}/([\\w./-]+)\\s*$`).exec(head)?.[1];
    if (named) return named;
  }
  const current = /^ref: refs\/heads\/(\w[\w./-]*)\s*$/.exec(await textOf(own, 'HEAD'))?.[1];
  for (const usual of ['main', 'master']) {
    if (current !== usual && (await isThere(usual))) return usual;
  }
  return current ?? 'main';
}

/** The branch that HEAD is on, and the other branches of this clone. */
export async function branchesOf(
  root: string,
): Promise<{ readonly current?: string; readonly others: readonly string[] }> {
  const dotGit = join(root, '.git');
  const found = await stat(dotGit).catch(() => undefined);
  if (!found) return { others: [] };
  const { own, common } = await gitFolders(dotGit, found.isDirectory());
  const current = /^ref: refs\/heads\/(.+?)\s*$/.exec(await textOf(own, 'HEAD'))?.[1];
  const heads = join(common, 'refs', 'heads');
  const loose = await readdir(heads, { recursive: true, withFileTypes: true }).catch(() => []);
  const packed = (await textOf(common, 'packed-refs')).matchAll(/ refs\/heads\/(.+)$/gm);
  const all = new Set([
    ...loose
      .filter((entry) => entry.isFile())
      .map((entry) => relative(heads, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
    ...Array.from(packed, ([, name = '']) => name),
  ]);
  const others = [...all].filter((name) => name !== current).sort();
  return current === undefined ? { others } : { current, others };
}

/** In a linked work tree `.git` is a file that points to its own folder, which points to the shared one. */
async function gitFolders(dotGit: string, isFolder: boolean): Promise<{ own: string; common: string }> {
  if (isFolder) return { own: dotGit, common: dotGit };
  const pointer = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1] ?? '';
  const own = resolve(dirname(dotGit), pointer);
  return { own, common: resolve(own, (await textOf(own, 'commondir')).trim() || '.') };
}

async function textOf(...path: string[]): Promise<string> {
  return readFile(join(...path), 'utf8').catch(() => '');
}

/** A fork's pull requests go to `upstream`, so it comes before `origin`. */
function remoteOf(config: string): { repository?: string; host?: string } {
  for (const name of ['upstream', 'origin']) {
    const section = config.split(/^\[/m).find((part) => part.startsWith(`remote "${name}"]`));
    const url = section && /^\s*url\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
    const place =
      url &&
      /^(?:https?:\/\/|ssh:\/\/|git:\/\/)?(?:[^@/]+@)?([\w.-]+\.[a-z]+)(?::\d+)?[/:]([\w-]+)\/([\w.-]+?)(?:\.git)?\/?$/i.exec(
        url,
      );
    if (place) return { host: place[1] ?? '', repository: `${place[2]}/${place[3]}` };
  }
  return {};
}
