import type { Annotation } from './annotation.ts';
import { type Answer, type GitHub, repositoryOf } from './github.ts';

export interface CheckRun {
  readonly repository: string;
  readonly name: string;
  /** The commit that a pull request shows: its head, not GitHub's merge of it. */
  readonly head: string;
  readonly ok: boolean;
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** The API takes so many annotations in a request; further requests add more. */
const perRequest = 50;

/**
 * All annotations, however many, in a check run of their own. It is complete from the first call on, so that no later failure
 * leaves it pending for ever. Stops at the first call that fails and returns its answer.
 */
export async function publishCheckRun(github: GitHub, run: CheckRun): Promise<Answer> {
  const repository = repositoryOf(run.repository);
  const output = (from: number) => ({
    title: run.title,
    summary: run.summary,
    annotations: run.annotations.slice(from, from + perRequest).map(toApi),
  });
  const first = await github.ask(({ rest }) =>
    rest.checks.create({
      ...repository,
      name: run.name,
      head_sha: run.head,
      status: 'completed',
      conclusion: run.ok ? 'success' : 'failure',
      output: output(0),
    }),
  );
  if (!first.ok) return first;
  for (let from = perRequest; from < run.annotations.length; from += perRequest) {
    const answer = await github.ask(({ rest }) =>
      rest.checks.update({ ...repository, check_run_id: first.body.id, output: output(from) }),
    );
    if (!answer.ok) return answer;
  }
  return first;
}

const levels = { error: 'failure', warning: 'warning', notice: 'notice' } as const;

/** The API wants a file and a line for each, and a column only where the annotation has one line. */
function toApi({ level, title, message, file, line = 1, column }: Annotation) {
  return {
    path: file ?? '.github',
    start_line: line,
    end_line: line,
    ...(column !== undefined && { start_column: column, end_column: column }),
    annotation_level: levels[level],
    title: title.slice(0, 255),
    message: message.slice(0, 16_000),
  };
}
