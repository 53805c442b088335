import { type Answer, type GitHub, repositoryOf } from './github.ts';

export interface StickyComment {
  readonly repository: string;
  readonly pullRequest: number;
  /** Tells this comment from all others; the same in every run. */
  readonly id: string;
  /** Markdown. */
  readonly body: string;
  /** Updates a comment that exists, and creates none. */
  readonly onlyUpdate?: boolean;
}

export const commentLimit = 65_536;
const pageSize = 100;
const maxPages = 50;

/** One comment, written once and edited from then on. */
export async function publishComment(github: GitHub, comment: StickyComment): Promise<Answer> {
  const repository = repositoryOf(comment.repository);
  const issue = { ...repository, issue_number: comment.pullRequest };
  const marker = `<!-- holdfast:${comment.id} -->`;
  const body = `${marker}\n${comment.body}`;
  const found = await findComment(github, issue, marker);
  if (!found.ok) return found;
  const { body: id } = found;
  if (id !== undefined)
    return github.ask(({ rest }) => rest.issues.updateComment({ ...repository, comment_id: id, body }));
  if (comment.onlyUpdate) return found;
  return github.ask(({ rest }) => rest.issues.createComment({ ...issue, body }));
}

interface Issue {
  readonly owner: string;
  readonly repo: string;
  readonly issue_number: number;
}

async function findComment(
  github: GitHub,
  issue: Issue,
  marker: string,
): Promise<Answer<number | undefined>> {
  for (let page = 1; page <= maxPages; page++) {
    const answer = await github.ask(({ rest }) =>
      rest.issues.listComments({ ...issue, per_page: pageSize, page }),
    );
    if (!answer.ok) return answer;
    // A person could write the marker too, to have their comment edited in their name: ours is by a bot.
    const ours = answer.body.find(({ body, user }) => body?.startsWith(marker) && user?.type === 'Bot');
    if (ours !== undefined || answer.body.length < pageSize) return { ok: true, body: ours?.id };
  }
  const reason = `there are more than ${maxPages * pageSize} comments`;
  return { ok: false, kind: 'refused', reason };
}
