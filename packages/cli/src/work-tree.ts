import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A Git work tree as far as it can be known without running git. */
export interface WorkTree {
  readonly root: string;
  /** `owner/name` of the remote, where it is on a forge. */
  readonly repository?: string;
  /** The remote's host, for example `github.com`. */
  readonly host?: string;
}

/** The work tree around `folder`, or undefined outside of any. */
export async function workTreeAround(folder: string): Promise<WorkTree | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const dotGit = join(at, '.git');
    const found = await stat(dotGit).catch(() => undefined);
    if (found) {
      const config = await readFile(
        join(await commonFolder(dotGit, found.isDirectory()), 'config'),
        'utf8',
      ).catch(() => '');
      return { root: at, ...remoteOf(config) };
    }
    if (dirname(at) === at) return undefined;
  }
}

/** In a linked work tree `.git` is a file that points to a folder, which points to where the config is. */
async function commonFolder(dotGit: string, isFolder: boolean): Promise<string> {
  if (isFolder) return dotGit;
  const pointer = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1] ?? '';
  const folder = resolve(dirname(dotGit), pointer);
  const common = await readFile(join(folder, 'commondir'), 'utf8').catch(() => '.');
  return resolve(folder, common.trim());
}

/** `upstream` is where a fork's pull requests go, so it names the repository better than `origin` does. */
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
