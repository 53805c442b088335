import {
  fetchHeader,
  GitHub,
  type Range,
  type Runner,
  resolveRange,
  unmatchedPatterns,
  type WorkflowEvent,
} from '@holdfast/action-kit';
import { hasErrors } from '@holdfast/manifest';
import type { FindList } from '@holdfast/manifest/files';
import { plannedPins } from '@holdfast/manifest/internal';
import {
  checkChanges,
  firstOf,
  GitHubRepository,
  openRepository,
  type Repository,
  RepositoryError,
} from '@holdfast/repository';
import { dataChanges } from './data-change.ts';
import type { ValidateInputs } from './inputs.ts';
import type { Report } from './report.ts';
import { lostProblems, withRetrieval } from './retrieval.ts';

/** Everything a run needs from outside. */
export interface Ports {
  readonly runner: Runner;
  readonly now: () => Date;
  /** Where the clone is. */
  readonly workspace: string;
}

const fetchMs = 120_000;

export async function run(inputs: ValidateInputs, event: WorkflowEvent, ports: Ports): Promise<Report> {
  const signal = AbortSignal.timeout(fetchMs);
  const api = apiObjects(inputs, event, ports, signal);
  const clone = await openClone(ports.workspace, api);
  try {
    const header = fetchHeader(ports.runner, inputs['github-token']);
    const range = await resolveRange(event, clone, {
      signal,
      ...(header && { header }),
      ...(api && api !== clone && { fallback: api }),
    });
    if (range === undefined) return nothing(inputs, `${event.ref} was deleted: nothing to check`);
    return await check(inputs, event, ports, {
      range,
      source: api && api !== clone ? firstOf(clone, api) : clone,
    });
  } finally {
    await clone.close();
  }
}

/** Without a clone everything is read through the API, if there is a token. */
async function openClone(workspace: string, api: Repository | undefined): Promise<Repository> {
  try {
    return await openRepository(workspace);
  } catch (error) {
    if (api !== undefined && error instanceof RepositoryError && error.code === 'not-a-repository')
      return api;
    throw error;
  }
}

interface Found {
  readonly range: Range;
  readonly source: Parameters<typeof checkChanges>[0];
}

async function check(
  inputs: ValidateInputs,
  event: WorkflowEvent,
  ports: Ports,
  { range, source }: Found,
): Promise<Report> {
  const { all, notes, head, base } = range;
  const { strict } = inputs;
  const changed = await checkChanges(source, {
    head,
    ...(base !== undefined && { base }),
    at: ports.now(),
    mode: all ? 'all' : inputs.mode,
    strict,
    manifests: inputs.manifests,
    publicKeys: inputs['public-keys'],
    repository: event.repository,
    findList: findList(inputs),
  });
  const { changes, trust, trustChange, manifests } = changed;
  const content = await contentProblems(inputs, changed);
  const data = await withRetrieval(inputs, await dataChanges(changes));
  const found = [...content, ...lostProblems(inputs, changes, data)];
  const problems = [...changed.problems, ...found];
  return {
    valid: strict ? problems.length === 0 : !hasErrors(problems),
    strict,
    all,
    head,
    ...(base !== undefined && { base }),
    manifests,
    changes: changes.map((change) => ({
      ...change,
      problems: [...change.problems, ...found.filter(({ file }) => file === change.path)],
    })),
    problems,
    data,
    ...(trustChange && { trustChange }),
    plan: plannedPins(changes, trust),
    notes: [...notes, ...unmatchedPatterns(changed, inputs.manifests)],
  };
}

/** On the gateways. Loaded on demand: most lists are beside their manifests. */
function findList({ gateways }: ValidateInputs): FindList | undefined {
  if (gateways.length === 0) return undefined;
  return async (fileList) => {
    const { createGateways, listFinder } = await import('./reading.ts');
    const source = createGateways(gateways.map((url) => ({ kind: 'gateway', url })));
    return listFinder(source)(fileList);
  };
}

/** Loaded on demand: most runs fetch nothing. */
async function contentProblems(
  inputs: ValidateInputs,
  { changes, ok }: Awaited<ReturnType<typeof checkChanges>>,
) {
  // A manifest that is refused anyway is not worth the bandwidth.
  if (!inputs['verify-content'] || !ok) return [];
  const { checkContent } = await import('./reading.ts');
  const signal = AbortSignal.timeout(inputs['content-deadline']);
  return checkContent(changes, { gateways: inputs.gateways, signal });
}

/** The API, for commits that the clone does not have and git cannot fetch. */
function apiObjects(inputs: ValidateInputs, event: WorkflowEvent, { runner }: Ports, signal: AbortSignal) {
  const token = inputs['github-token'];
  if (token === undefined) return undefined;
  const github = new GitHub({ token, environment: runner.environment, signal });
  return new GitHubRepository(event.repository, async (path) => {
    const answer = await github.ask((octokit) => octokit.request(`GET ${path}`));
    if (answer.ok) return answer.body;
    if (answer.kind === 'not-found') return undefined;
    throw new RepositoryError(
      'api-refused',
      `the repository could not be read through the API: ${answer.reason}`,
    );
  });
}

function nothing({ strict }: ValidateInputs, note: string): Report {
  return {
    valid: true,
    strict,
    all: false,
    manifests: 0,
    changes: [],
    problems: [],
    data: [],
    plan: [],
    notes: [note],
  };
}
