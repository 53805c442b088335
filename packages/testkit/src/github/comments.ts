import { invalid, notFound } from './answer.ts';
import { expectBody, object, text } from './body.ts';
import type { Call, Route } from './route.ts';

export interface Comment {
  id: number;
  issue: number;
  body: string;
  user: { login: string; type: 'Bot' | 'User' };
}

const written = object({ body: text() }, ['body']);

/** https://docs.github.com/en/rest/issues/comments */
export function commentRoutes(
  comments: Comment[],
  nextId: () => number,
  issueExists: (number: number) => boolean,
): Route[] {
  const scopes = ['issues', 'pull-requests'] as const;
  const find = (id = '') => {
    const comment = comments.find((it) => it.id === Number(id));
    if (!comment) throw notFound();
    return comment;
  };
  const issueOf = ({ path }: Call) => {
    const issue = Number(path.number);
    if (!issueExists(issue)) throw notFound();
    return issue;
  };
  return [
    {
      method: 'GET',
      path: '/issues/{number}/comments',
      scopes,
      answer(call) {
        const issue = issueOf(call);
        return { status: 200, list: comments.filter((it) => it.issue === issue).map(shown) };
      },
    },
    {
      method: 'POST',
      path: '/issues/{number}/comments',
      scopes,
      answer(call) {
        const comment = { id: nextId(), issue: issueOf(call), body: bodyOf(call), user: call.user };
        comments.push(comment);
        return { status: 201, body: shown(comment) };
      },
    },
    {
      method: 'GET',
      path: '/issues/comments/{id}',
      scopes,
      answer: ({ path }) => ({ status: 200, body: shown(find(path.id)) }),
    },
    {
      method: 'PATCH',
      path: '/issues/comments/{id}',
      scopes,
      answer(call) {
        const comment = find(call.path.id);
        comment.body = bodyOf(call);
        return { status: 200, body: shown(comment) };
      },
    },
    {
      method: 'DELETE',
      path: '/issues/comments/{id}',
      scopes,
      answer({ path }) {
        comments.splice(comments.indexOf(find(path.id)), 1);
        return { status: 204 };
      },
    },
  ];
}

function bodyOf({ body }: Call): string {
  const given = String(expectBody(body, written).body);
  if (given.trim() === '') throw invalid('IssueComment', 'body', 'missing_field');
  if ([...given].length > 65_536) {
    throw invalid('IssueComment', 'body', 'unprocessable', 'Body is too long (maximum is 65536 characters)');
  }
  return given;
}

function shown({ issue, ...comment }: Comment): object {
  return { ...comment, issue_url: `/issues/${issue}` };
}
