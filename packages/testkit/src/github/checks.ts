import { notFound, Refusal } from './answer.ts';
import { type Body, type Check, commitName, expectBody, line, listOf, object, oneOf, text } from './body.ts';
import type { Route } from './route.ts';

export interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  message: string;
  title?: string;
}

export interface CheckRun {
  id: number;
  name: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  /** Of all the requests that made this check run. */
  annotations: CheckAnnotation[];
}

const annotationFields = object(
  {
    path: text(),
    start_line: line,
    end_line: line,
    start_column: line,
    end_column: line,
    annotation_level: oneOf('notice', 'warning', 'failure'),
    message: text(64 * 1024),
    title: text(255),
    raw_details: text(64 * 1024),
  },
  ['path', 'start_line', 'end_line', 'annotation_level', 'message'],
);

const annotation: Check = (value, at) => {
  const fault = annotationFields(value, at);
  if (fault) return fault;
  const { start_line, end_line, start_column, end_column } = value as CheckAnnotation;
  if (end_line < start_line) return `For '${at}', end_line is before start_line.`;
  if (start_line !== end_line && (start_column ?? end_column) !== undefined) {
    return `For '${at}', columns are only permitted when start_line and end_line are equal.`;
  }
  return undefined;
};

const fields = {
  name: text(),
  details_url: text(),
  external_id: text(),
  started_at: text(),
  completed_at: text(),
  status: oneOf('queued', 'in_progress', 'completed'),
  conclusion: oneOf('action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'),
  output: object(
    { title: text(), summary: text(65_535), text: text(65_535), annotations: listOf(annotation, 50) },
    ['title', 'summary'],
  ),
};

const created = object({ ...fields, head_sha: commitName }, ['name', 'head_sha']);
const changed = object(fields, []);

/** https://docs.github.com/en/rest/checks/runs */
export function checkRoutes(runs: CheckRun[], nextId: () => number): Route[] {
  const find = (id = '') => {
    const run = runs.find((it) => it.id === Number(id));
    if (!run) throw notFound();
    return run;
  };
  const scopes = ['checks'] as const;
  return [
    {
      method: 'POST',
      path: '/check-runs',
      scopes,
      answer({ body }) {
        const given = expectBody(body, created);
        const run = { id: nextId(), name: '', head_sha: String(given.head_sha), ...fresh() };
        change(run, given);
        runs.push(run);
        return { status: 201, body: shown(run) };
      },
    },
    {
      method: 'PATCH',
      path: '/check-runs/{id}',
      scopes,
      answer({ path, body }) {
        const run = find(path.id);
        change(run, expectBody(body, changed));
        return { status: 200, body: shown(run) };
      },
    },
    {
      method: 'GET',
      path: '/check-runs/{id}',
      scopes,
      answer: ({ path }) => ({ status: 200, body: shown(find(path.id)) }),
    },
    {
      method: 'GET',
      path: '/check-runs/{id}/annotations',
      scopes,
      answer: ({ path }) => ({ status: 200, list: find(path.id).annotations }),
    },
    {
      method: 'GET',
      path: '/commits/{ref}/check-runs',
      scopes,
      answer({ path }) {
        const found = runs.filter((it) => it.head_sha === path.ref).map(shown);
        return { status: 200, body: { total_count: found.length, check_runs: found } };
      },
    },
  ];
}

function fresh() {
  return {
    status: 'queued',
    conclusion: null as string | null,
    title: null as string | null,
    summary: null as string | null,
    annotations: [] as CheckAnnotation[],
  };
}

function change(run: CheckRun, given: Body): void {
  if (given.status === 'completed' && given.conclusion === undefined && run.conclusion === null) {
    throw new Refusal(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  if (typeof given.name === 'string') run.name = given.name;
  if (typeof given.status === 'string') run.status = given.status;
  if (typeof given.conclusion === 'string') {
    run.conclusion = given.conclusion;
    run.status = 'completed';
  }
  const output = given.output as
    | { title: string; summary: string; annotations?: CheckAnnotation[] }
    | undefined;
  if (!output) return;
  run.title = output.title;
  run.summary = output.summary;
  // An update adds to what earlier requests brought.
  run.annotations.push(...(output.annotations ?? []));
}

function shown({ annotations, title, summary, ...run }: CheckRun): object {
  return { ...run, output: { title, summary, annotations_count: annotations.length } };
}
