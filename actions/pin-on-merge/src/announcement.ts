import { type Answer, commentLimit, type GitHub, publishComment, repositoryOf } from '@holdfast/action-kit';
import { type Grade, gradeOf, headline, type Report } from './report.ts';

export interface Announcement {
  readonly report: Report;
  /** Commits of the push, the newest last. */
  readonly commits: readonly string[];
  readonly status: boolean;
  readonly comment: boolean;
  readonly runUrl?: string;
  /** The page of the run for the comment, in at most this many bytes. */
  readonly page: (limit: number) => string;
}

/** Pull requests are looked up for at most this many commits: a large push has them at its end. */
const mostCommits = 20;

/** Shows the result on the commit and on the merged pull requests. Returns what could not be shown; the verdict does not depend on it. */
export async function announce(github: GitHub, announcement: Announcement): Promise<string[]> {
  const unshown: string[] = [];
  const note = (what: string, permission: string, answer: Answer) => {
    if (answer.ok) return;
    const hint =
      answer.kind === 'forbidden' || answer.kind === 'not-found'
        ? `; grant "${permission}: write" to the job`
        : '';
    unshown.push(`${what} could not be written: ${answer.reason}${hint}`);
  };
  if (announcement.status) note('the commit status', 'statuses', await setStatus(github, announcement));
  if (announcement.comment) {
    for (const pullRequest of await mergedPullRequests(github, announcement, note)) {
      const { repository } = announcement.report;
      const body = announcement.page(commentLimit - 200);
      const answer = await publishComment(github, { repository, pullRequest, id: 'pin-on-merge', body });
      note(`the comment on #${pullRequest}`, 'pull-requests', answer);
    }
  }
  return unshown;
}

const states = {
  satisfied: 'success',
  planned: 'success',
  accepted: 'pending',
  degraded: 'failure',
  failed: 'error',
} as const satisfies Record<Grade, string>;

function setStatus(github: GitHub, { report, runUrl }: Announcement): Promise<Answer> {
  return github.ask(({ rest }) =>
    rest.repos.createCommitStatus({
      ...repositoryOf(report.repository),
      sha: report.commit,
      state: states[gradeOf(report)],
      context: 'holdfast/copies',
      description: headline(report).slice(0, 140),
      ...(runUrl !== undefined && { target_url: runUrl }),
    }),
  );
}

type Note = (what: string, permission: string, answer: Answer) => void;

/** Several merges can come in one push. */
async function mergedPullRequests(
  github: GitHub,
  { report, commits }: Announcement,
  note: Note,
): Promise<number[]> {
  const numbers = new Set<number>();
  for (const commit_sha of [...new Set([...commits, report.commit])].slice(-mostCommits)) {
    const answer = await github.ask(({ rest }) =>
      rest.repos.listPullRequestsAssociatedWithCommit({ ...repositoryOf(report.repository), commit_sha }),
    );
    if (!answer.ok) {
      note('the comment on the pull request', 'pull-requests', answer);
      break;
    }
    for (const { merged_at, number } of answer.body) if (merged_at !== null) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}
