import type { Answer, GitHub } from './github.ts';

export interface StickyComment {
  readonly repository: string;
  readonly pullRequest: number;
  /** Tells this comment from all others; the same in every run. */
  readonly id: string;
  /** Markdown. */
  readonly body: string;
  /** Without a comment so far there is nothing to say: only one that exists is brought up to date. */
  readonly onlyUpdate?: boolean;
}

export const commentLimit = 65_536;
const pageSize = 100;
const maxPages = 50;

/** One comment, written once and edited from then on. */
export async function publishComment(github: GitHub, comment: StickyComment): Promise<Answer> {
  const marker = `<!-- holdfast:${comment.id} -->`;
  const body = `${marker}\n${comment.body}`;
  const issues = `/repos/${comment.repository}/issues`;
  const found = await findComment(github, `${issues}/${comment.pullRequest}/comments`, marker);
  if (!('id' in found)) return found;
  if (found.id !== undefined) return github.send('PATCH', `${issues}/comments/${found.id}`, { body });
  if (comment.onlyUpdate) return { ok: true, status: 204, body: undefined };
  return github.send('POST', `${issues}/${comment.pullRequest}/comments`, { body });
}

type Found = { readonly id: number | undefined } | Extract<Answer, { ok: false }>;

async function findComment(github: GitHub, path: string, marker: string): Promise<Found> {
  for (let page = 1; page <= maxPages; page++) {
    const answer = await github.get(`${path}?per_page=${pageSize}&page=${page}`);
    if (!answer.ok) return answer;
    if (!Array.isArray(answer.body))
      return {
        ok: false,
        status: answer.status,
        kind: 'unavailable',
        reason: 'the list of comments is no list',
      };
    const mine = answer.body.find((comment: unknown) => isOurs(comment, marker)) as
      | { id: number }
      | undefined;
    if (mine !== undefined) return { id: mine.id };
    if (answer.body.length < pageSize) return { id: undefined };
  }
  return {
    ok: false,
    status: undefined,
    kind: 'refused',
    reason: `there are more than ${maxPages * pageSize} comments`,
  };
}

/** A person could write the marker as well, to have their comment edited in their name: ours is by a bot. */
function isOurs(comment: unknown, marker: string): boolean {
  const { id, body, user } = comment as { id?: unknown; body?: unknown; user?: { type?: unknown } | null };
  return (
    Number.isSafeInteger(id) && typeof body === 'string' && body.startsWith(marker) && user?.type === 'Bot'
  );
}
