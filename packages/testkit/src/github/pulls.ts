import { notFound } from './answer.ts';
import { changedFiles } from './comparison.ts';
import type { Route } from './route.ts';

export interface Pull {
  number: number;
  title?: string;
  state?: 'open' | 'closed';
  merged?: boolean;
  /** The commit of the merge, or of the test merge while it is open. */
  merge_commit_sha?: string | null;
  head: { sha: string; ref?: string };
  base: { sha: string; ref?: string };
  user?: { login: string; type?: string };
  /** Commits that belong to it besides `head` and the merge. */
  commits?: readonly string[];
}

/** GitHub lists no more files of a pull request than this. */
const mostFiles = 3_000;

/** https://docs.github.com/en/rest/pulls/pulls */
export function pullRoutes(pulls: readonly Pull[], gitFolder: string | undefined): Route[] {
  const scopes = ['pull-requests'] as const;
  const find = (number = '') => {
    const pull = pulls.find((it) => it.number === Number(number));
    if (!pull) throw notFound();
    return pull;
  };
  return [
    {
      method: 'GET',
      path: '/pulls',
      scopes,
      answer({ query }) {
        const state = query.get('state') ?? 'open';
        const found = pulls.map(shown).filter((it) => state === 'all' || it.state === state);
        return { status: 200, list: found };
      },
    },
    {
      method: 'GET',
      path: '/pulls/{number}',
      scopes,
      answer: ({ path }) => ({ status: 200, body: shown(find(path.number)) }),
    },
    {
      method: 'GET',
      path: '/pulls/{number}/files',
      scopes,
      async answer({ path }) {
        const { base, head } = find(path.number);
        const files = await changedFiles(gitFolder, base.sha, head.sha);
        return { status: 200, list: files.slice(0, mostFiles) };
      },
    },
    {
      method: 'GET',
      path: '/commits/{sha}/pulls',
      scopes: ['pull-requests', 'contents'],
      answer({ path }) {
        const { sha = '' } = path;
        const found = pulls.filter(
          (it) => it.merge_commit_sha === sha || it.head.sha === sha || it.commits?.includes(sha),
        );
        return { status: 200, list: found.map(shown) };
      },
    },
  ];
}

function shown(pull: Pull) {
  const { commits: _, ...rest } = pull;
  const merged = pull.merged ?? false;
  return {
    title: `Pull request ${pull.number}`,
    merged_at: merged ? '2026-01-01T00:00:00Z' : null,
    user: { login: 'alice', type: 'User' },
    merge_commit_sha: null,
    ...rest,
    merged,
    state: pull.state ?? (merged ? 'closed' : 'open'),
  };
}
