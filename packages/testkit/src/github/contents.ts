import { git, gitBytes } from '../git/git-command.ts';
import { notFound, Refusal } from './answer.ts';
import { changedFiles } from './comparison.ts';
import type { Call, Route } from './route.ts';

interface TreeEntry {
  path: string;
  mode: string;
  type: string;
  sha: string;
  size?: number;
}

/** https://docs.github.com/en/rest/git and https://docs.github.com/en/rest/repos/contents, served from a real repository. */
export function contentRoutes(folder: string | undefined): Route[] {
  const scopes = ['contents'] as const;
  const run = (...args: string[]) => {
    if (!folder) throw notFound();
    return git(args, { cwd: folder }).catch(() => {
      throw notFound();
    });
  };
  const resolve = (name = '', type = 'commit') =>
    run('rev-parse', '--verify', '--quiet', `${name}^{${type}}`);
  const objectType = (sha: string) => run('cat-file', '-t', sha);

  async function tree(treeish: string, recursive: boolean): Promise<TreeEntry[]> {
    const text = await run('ls-tree', '-z', '--long', ...(recursive ? ['-r', '-t'] : []), treeish);
    return text.split('\0').filter(Boolean).map(parseEntry);
  }

  async function blob(sha: string): Promise<Buffer> {
    if (!folder || (await objectType(sha)) !== 'blob') throw notFound();
    return gitBytes(['cat-file', 'blob', sha], { cwd: folder });
  }

  async function commit(name = '') {
    const sha = await resolve(name);
    const [treeSha = '', parents = '', message = ''] = (
      await run('log', '-1', '--format=%T%x00%P%x00%B', sha)
    ).split('\0');
    return {
      sha,
      tree: { sha: treeSha },
      parents: parents
        .split(' ')
        .filter(Boolean)
        .map((parent) => ({ sha: parent })),
      message: message.trim(),
    };
  }

  async function contents({ path, query, headers }: Call) {
    const root = await resolve(query.get('ref') ?? 'HEAD');
    const parent = (path.path ?? '').split('/').slice(0, -1).join('/');
    const entries = await tree(parent ? `${root}:${parent}` : root, false);
    const name = (path.path ?? '').split('/').at(-1);
    const entry = entries.find((it) => it.path === name);
    if (!entry) throw notFound();
    const shown = { name, path: path.path, sha: entry.sha, size: entry.size ?? 0 };
    if (entry.type === 'tree') {
      const inside = await tree(entry.sha, false);
      return {
        status: 200,
        body: inside.map((it) => ({
          name: it.path,
          path: `${path.path}/${it.path}`,
          sha: it.sha,
          type: kind(it),
        })),
      };
    }
    if (entry.type === 'commit') return { status: 200, body: { ...shown, type: 'submodule' } };
    const bytes = await blob(entry.sha);
    if (wantsRaw(headers)) return { status: 200, raw: bytes };
    return { status: 200, body: { ...shown, type: kind(entry), ...encoded(bytes) } };
  }

  return [
    {
      method: 'GET',
      path: '/git/trees/{sha}',
      scopes,
      async answer({ path, query }) {
        const sha = await resolve(path.sha, 'tree');
        return {
          status: 200,
          body: { sha, tree: await tree(sha, query.has('recursive')), truncated: false },
        };
      },
    },
    {
      method: 'GET',
      path: '/git/blobs/{sha}',
      scopes,
      async answer({ path, headers }) {
        const sha = path.sha ?? '';
        if (!/^[0-9a-f]{40}$/.test(sha))
          throw new Refusal(422, 'The sha parameter must be exactly 40 characters.');
        const bytes = await blob(sha);
        if (wantsRaw(headers)) return { status: 200, raw: bytes };
        return { status: 200, body: { sha, size: bytes.length, ...encoded(bytes) } };
      },
    },
    {
      method: 'GET',
      path: '/git/commits/{sha}',
      scopes,
      answer: async ({ path }) => ({ status: 200, body: await commit(path.sha) }),
    },
    {
      method: 'GET',
      path: '/git/ref/{ref+}',
      scopes,
      async answer({ path }) {
        const ref = `refs/${path.ref}`;
        const sha = await run('rev-parse', '--verify', '--quiet', ref);
        return { status: 200, body: { ref, object: { sha, type: await objectType(sha) } } };
      },
    },
    {
      method: 'GET',
      path: '/commits/{ref}',
      scopes,
      async answer({ path }) {
        const { sha, parents, ...rest } = await commit(path.ref);
        return { status: 200, body: { sha, parents, commit: rest } };
      },
    },
    {
      method: 'GET',
      path: '/compare/{basehead+}',
      scopes,
      async answer({ path }) {
        const [base = '', head = ''] = (path.basehead ?? '').split('...');
        const [baseSha, headSha] = await Promise.all([resolve(base), resolve(head)]);
        const mergeBase = await run('merge-base', baseSha, headSha);
        const count = (range: string) => run('rev-list', '--count', range).then(Number);
        const [ahead, behind] = await Promise.all([
          count(`${baseSha}..${headSha}`),
          count(`${headSha}..${baseSha}`),
        ]);
        const status = ahead ? (behind ? 'diverged' : 'ahead') : behind ? 'behind' : 'identical';
        return {
          status: 200,
          body: {
            status,
            ahead_by: ahead,
            behind_by: behind,
            base_commit: { sha: baseSha },
            merge_base_commit: { sha: mergeBase },
            // No more than this, and no page after it.
            files: (await changedFiles(folder, baseSha, headSha)).slice(0, 300),
          },
        };
      },
    },
    { method: 'GET', path: '/contents/{path+}', scopes, answer: contents },
  ];
}

function parseEntry(line: string): TreeEntry {
  const [facts = '', ...name] = line.split('\t');
  const [mode = '', type = '', sha = '', size = '-'] = facts.split(/ +/);
  return { path: name.join('\t'), mode, type, sha, ...(size === '-' ? {} : { size: Number(size) }) };
}

function kind({ type, mode }: TreeEntry): string {
  if (type === 'tree') return 'dir';
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}

function wantsRaw(headers: Call['headers']): boolean {
  return /application\/vnd\.github\.(v3\.)?raw/.test(headers.accept ?? '');
}

/** Base64 in lines of 60, as GitHub gives it. */
function encoded(bytes: Buffer) {
  return { encoding: 'base64', content: bytes.toString('base64').replaceAll(/.{1,60}/g, '$&\n') };
}
