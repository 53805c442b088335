import { join } from 'node:path';

/** The part of a webhook's payload that the runner's variables come from. */
export interface ActionEvent {
  action?: string;
  ref?: string;
  after?: string;
  number?: number;
  repository?: { full_name?: string; default_branch?: string };
  pull_request?: {
    number?: number;
    merge_commit_sha?: string | null;
    head?: { ref?: string; sha?: string };
    base?: { ref?: string; sha?: string };
  };
  merge_group?: { head_sha?: string; head_ref?: string; base_sha?: string };
  sender?: { login?: string };
  [key: string]: unknown;
}

export interface RunnerFacts {
  event: ActionEvent;
  eventName: string;
  workspace: string;
  /** Where the runner keeps its files for this step. */
  folder: string;
  /** The commit that is checked out, for events that do not tell one. */
  head: string;
  apiUrl: string;
}

/** The files that a step appends its results to. */
export const resultFiles = [
  'GITHUB_OUTPUT',
  'GITHUB_STATE',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STEP_SUMMARY',
] as const;

/** The variables that GitHub's runner sets for every step; see "Default environment variables" in GitHub's docs. */
export function runnerEnvironment(facts: RunnerFacts): Record<string, string> {
  const { event, eventName, folder } = facts;
  const repository = event.repository?.full_name ?? 'holdfast-data/datasets';
  const { ref, sha } = checkedOut(facts);
  const actor = event.sender?.login ?? 'alice';
  const workflow = `${repository}/.github/workflows/test.yml`;
  const pull = event.pull_request;
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTION_REPOSITORY: '',
    GITHUB_ACTOR: actor,
    GITHUB_ACTOR_ID: '1001',
    GITHUB_API_URL: facts.apiUrl,
    GITHUB_BASE_REF: pull?.base?.ref ?? '',
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_GRAPHQL_URL: `${facts.apiUrl}/graphql`,
    GITHUB_HEAD_REF: pull?.head?.ref ?? '',
    GITHUB_JOB: 'test',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: '2002',
    GITHUB_REPOSITORY_OWNER: repository.split('/')[0] ?? '',
    GITHUB_REPOSITORY_OWNER_ID: '3003',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4004',
    GITHUB_RUN_NUMBER: '5',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: sha,
    GITHUB_TRIGGERING_ACTOR: actor,
    GITHUB_WORKFLOW: 'test',
    GITHUB_WORKFLOW_REF: `${workflow}@${ref}`,
    GITHUB_WORKFLOW_SHA: sha,
    GITHUB_WORKSPACE: facts.workspace,
    RUNNER_ARCH: process.arch.toUpperCase(),
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'test',
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : 'Linux',
    RUNNER_TEMP: join(folder, 'temp'),
    RUNNER_TOOL_CACHE: join(folder, 'tools'),
    ...Object.fromEntries(resultFiles.map((name) => [name, join(folder, name.toLowerCase())])),
  };
}

function checkedOut({ event, eventName, head }: RunnerFacts): { ref: string; sha: string } {
  const main = `refs/heads/${event.repository?.default_branch ?? 'main'}`;
  const pull = event.pull_request;
  if (eventName === 'pull_request' && pull) {
    const sha = pull.merge_commit_sha ?? head;
    return { ref: `refs/pull/${pull.number ?? event.number ?? 1}/merge`, sha };
  }
  if (eventName === 'merge_group') {
    return { ref: event.merge_group?.head_ref ?? main, sha: event.merge_group?.head_sha ?? head };
  }
  if (eventName === 'push') return { ref: event.ref ?? main, sha: event.after ?? head };
  return { ref: event.ref ?? main, sha: head };
}
