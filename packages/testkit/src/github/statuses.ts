import { invalid } from './answer.ts';
import { expectBody, object, oneOf, text } from './body.ts';
import type { Route } from './route.ts';

export interface CommitStatus {
  id: number;
  sha: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  context: string;
  description: string | null;
  target_url: string | null;
}

const given = object(
  {
    state: oneOf('error', 'failure', 'pending', 'success'),
    context: text(),
    description: text(),
    target_url: text(),
  },
  ['state'],
);

/** https://docs.github.com/en/rest/commits/statuses */
export function statusRoutes(statuses: CommitStatus[], nextId: () => number): Route[] {
  const scopes = ['statuses'] as const;
  const of = (ref = '') => statuses.filter((it) => it.sha === ref).toReversed();
  return [
    {
      method: 'POST',
      path: '/statuses/{sha}',
      scopes,
      answer({ path, body }) {
        const { sha = '' } = path;
        if (!/^[0-9a-f]{40}$/.test(sha))
          throw invalid('Status', 'sha', 'custom', `No commit found for SHA: ${sha}`);
        const fields = expectBody(body, given) as Partial<CommitStatus>;
        if ([...(fields.description ?? '')].length > 140) {
          const message = 'description is too long (maximum is 140 characters)';
          throw invalid('Status', 'description', 'custom', message);
        }
        const status: CommitStatus = {
          id: nextId(),
          sha,
          state: fields.state ?? 'error',
          context: fields.context ?? 'default',
          description: fields.description ?? null,
          target_url: fields.target_url ?? null,
        };
        statuses.push(status);
        return { status: 201, body: status };
      },
    },
    {
      method: 'GET',
      path: '/commits/{ref}/statuses',
      scopes,
      answer: ({ path }) => ({ status: 200, list: of(path.ref) }),
    },
    {
      method: 'GET',
      path: '/commits/{ref}/status',
      scopes,
      answer({ path }) {
        const latest = [...Map.groupBy(of(path.ref), (it) => it.context).values()].flatMap(
          ([first]) => first ?? [],
        );
        const failed = latest.some((it) => it.state === 'failure' || it.state === 'error');
        const pending = latest.length === 0 || latest.some((it) => it.state === 'pending');
        const state = failed ? 'failure' : pending ? 'pending' : 'success';
        return { status: 200, body: { state, sha: path.ref, total_count: latest.length, statuses: latest } };
      },
    },
  ];
}
