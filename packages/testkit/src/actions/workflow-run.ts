import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEngine } from '../engines/engine-lookup.ts';
import { git, minimalPath } from '../git/git-command.ts';
import { commandRun } from '../processes/run.ts';
import { removeFolder } from '../processes/temporary-folder.ts';
import { nodeFolder } from './node-version.ts';
import { type ActionEvent, runnerEnvironment } from './runner-environment.ts';
import { readWorkflowLog, type WorkflowLog } from './workflow-log.ts';

export interface WorkflowOptions {
  /** The repository, whose work tree is what `actions/checkout` gives. It is copied, not changed. */
  cwd: string;
  event?: ActionEvent;
  eventName?: string;
  env?: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  /** The variables of the repository, of the organization and of the environments, which act does not tell apart. */
  vars?: Readonly<Record<string, string>>;
  /** Only this job and those it needs. */
  job?: string;
  /** Folders that stand for actions of other repositories, by `owner/name@ref`. Nothing is fetched. */
  actions?: Readonly<Record<string, string>>;
  apiUrl?: string;
  timeoutMs?: number;
}

export interface WorkflowResult extends WorkflowLog {
  exitCode: number | null;
  /** All that act wrote. */
  log: string;
}

const hosted = ['ubuntu-latest', 'ubuntu-24.04', 'ubuntu-22.04'];

/**
 * Runs a workflow file, by its path in the repository, through act: the steps run on this machine, in a copy of the work tree,
 * with Node 24 first on PATH, and with no container engine.
 */
export async function runWorkflow(file: string, options: WorkflowOptions): Promise<WorkflowResult> {
  const act = await findEngine('act');
  const run = await commandRun();
  const folder = mkdtempSync(join(run.folder, 'workflow-'));
  const started = run.start({
    name: folder.slice(run.folder.length + 1),
    binary: act,
    args: await actArguments(file, folder, options),
    cwd: options.cwd,
    env: { PATH: minimalPath(nodeFolder('24')), ...homeIn(folder) },
  });
  try {
    const exitCode = await started.exit(options.timeoutMs ?? 240_000);
    return { exitCode, log: started.logs, ...readWorkflowLog(started.logs) };
  } finally {
    await started.stop();
    removeFolder(folder);
  }
}

/** A home of its own: act keeps caches and settings there, and asks questions when it finds none. */
function homeIn(folder: string): Record<string, string> {
  const home = join(folder, 'home');
  mkdirSync(join(home, '.config', 'act'), { recursive: true });
  writeFileSync(join(home, '.config', 'act', 'actrc'), '');
  return {
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_CONFIG_HOME: join(home, '.config'),
    TMPDIR: folder,
    // Or it asks its makers for news each time.
    ACT_DISABLE_VERSION_CHECK: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

async function actArguments(file: string, folder: string, options: WorkflowOptions): Promise<string[]> {
  const { event = {}, eventName = 'workflow_dispatch', cwd, apiUrl = 'http://127.0.0.1:9' } = options;
  const head = await git(['rev-parse', 'HEAD'], { cwd });
  const facts = runnerEnvironment({ event, eventName, workspace: cwd, folder, head, apiUrl });
  const env = {
    GITHUB_REPOSITORY: facts.GITHUB_REPOSITORY,
    GITHUB_REPOSITORY_OWNER: facts.GITHUB_REPOSITORY_OWNER,
    GITHUB_REF: facts.GITHUB_REF,
    GITHUB_SHA: facts.GITHUB_SHA,
    // Where act takes `github.sha` from.
    SHA_REF: facts.GITHUB_SHA,
    GITHUB_API_URL: facts.GITHUB_API_URL,
    GITHUB_GRAPHQL_URL: facts.GITHUB_GRAPHQL_URL,
    ...options.env,
  };
  // Every file that act would read from the work tree by itself is named, so that none is. JSON is YAML.
  const given = (name: string, value: unknown, extension = 'yaml') => {
    const path = join(folder, `${name}.${extension}`);
    writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
    return path;
  };
  return [
    eventName,
    ...['--workflows', file],
    ...['--eventpath', given('event', event, 'json')],
    ...['--env-file', given('env', env)],
    ...['--secret-file', given('secrets', options.secrets ?? {})],
    ...['--var-file', given('vars', options.vars ?? {})],
    ...['--input-file', given('inputs', {})],
    ...['--actor', facts.GITHUB_ACTOR ?? ''],
    ...['--defaultbranch', 'main'],
    ...hosted.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
    ...Object.entries(options.actions ?? {}).flatMap(([name, path]) => [
      '--local-repository',
      `${name}=${path}`,
    ]),
    ...(options.job ? ['--job', options.job] : []),
    ...['--no-cache-server', '--action-offline-mode', '--pull=false'],
    ...['--cache-server-addr', '127.0.0.1', '--artifact-server-addr', '127.0.0.1'],
    '--json',
  ];
}
