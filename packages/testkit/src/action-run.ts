import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inputVariables } from './action-metadata.ts';
import { readFileCommand } from './file-command.ts';
import { git, minimalPath } from './git-command.ts';
import { type NodeVersion, nodeBinary } from './node-version.ts';
import { identify } from './process-identity.ts';
import { commandRun } from './run.ts';
import { type ActionEvent, resultFiles, runnerEnvironment } from './runner-environment.ts';
import { removeFolder } from './temporary-folder.ts';
import { type ReadLog, readLog } from './workflow-command.ts';

export interface ActionOptions {
  /** Inputs by their names in action.yml; its defaults fill the rest. */
  inputs?: Readonly<Record<string, string>>;
  event?: ActionEvent;
  eventName?: string;
  /** The workspace: the checked-out repository. */
  cwd: string;
  /** What the workflow sets in `env:`, which may also replace what the runner sets. */
  env?: Readonly<Record<string, string>>;
  /** 24 unless told otherwise, as actions declare; or the path of a binary. */
  node?: NodeVersion;
  /** The action.yml with the inputs; unless told otherwise the one in the folder above the bundle's. */
  action?: string;
  /** Where GitHub's API is; an address that refuses connections unless told otherwise. */
  apiUrl?: string;
  /** `github.token`, as an input's default may refer to it. */
  token?: string;
  /** What an earlier step of the same action saved: becomes STATE_… */
  state?: Readonly<Record<string, string>>;
  /** Cancels as the runner does: SIGINT, then SIGTERM after 7.5 s, then SIGKILL after 2.5 s. */
  cancel?: AbortSignal;
  /** Ends it at once, as a lost machine does. */
  kill?: AbortSignal;
  /** After so long the action is killed and the test fails; two minutes unless told otherwise. */
  timeoutMs?: number;
}

export interface ActionResult extends ReadLog {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
  state: Record<string, string>;
  env: Record<string, string>;
  paths: string[];
  /** The Markdown of the job summary. */
  summary: string;
}

/** Runs an action's real bundle in a process of its own, in the environment that GitHub's runner gives it. */
export async function runAction(bundle: string, options: ActionOptions): Promise<ActionResult> {
  const run = await commandRun();
  const folder = mkdtempSync(join(run.folder, 'action-'));
  try {
    const {
      event = {},
      eventName = 'workflow_dispatch',
      cwd,
      apiUrl = 'http://127.0.0.1:9',
      token = '',
    } = options;
    const head = await git(['rev-parse', 'HEAD'], { cwd }).catch(() => '0'.repeat(40));
    const facts = { event, eventName, workspace: cwd, folder, head, apiUrl };
    const variables = runnerEnvironment(facts);
    for (const name of ['temp', 'tools', 'home']) mkdirSync(join(folder, name));
    for (const name of resultFiles) writeFileSync(variables[name] ?? '', '');
    writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
    const action = options.action ?? join(dirname(bundle), '..', 'action.yml');
    const env = run.environment({
      ...variables,
      PATH: minimalPath(),
      HOME: join(folder, 'home'),
      ...options.env,
      ...inputVariables(action, options.inputs ?? {}, contextOf(variables, token)),
      ...Object.fromEntries(
        Object.entries(options.state ?? {}).map(([key, value]) => [`STATE_${key}`, value]),
      ),
    });
    const ended = await runChild(nodeBinary(options.node ?? '24'), bundle, env, options);
    const file = (name: (typeof resultFiles)[number]) => readFileSync(variables[name] ?? '', 'utf8');
    return {
      ...ended,
      // The runner reads commands from both streams; their order between each other is not known here.
      ...readLog(ended.stderr ? `${ended.stdout}\n${ended.stderr}` : ended.stdout),
      outputs: readFileCommand(file('GITHUB_OUTPUT'), 'GITHUB_OUTPUT'),
      state: readFileCommand(file('GITHUB_STATE'), 'GITHUB_STATE'),
      env: readFileCommand(file('GITHUB_ENV'), 'GITHUB_ENV'),
      paths: file('GITHUB_PATH').split('\n').filter(Boolean),
      summary: file('GITHUB_STEP_SUMMARY'),
    };
  } finally {
    removeFolder(folder);
  }
}

function contextOf(variables: Record<string, string>, token: string): Record<string, string> {
  const github = (name: string) => variables[`GITHUB_${name.toUpperCase()}`] ?? '';
  const names = [
    'repository',
    'sha',
    'ref',
    'event_name',
    'actor',
    'workspace',
    'api_url',
    'server_url',
    'run_id',
  ];
  return {
    'github.token': token,
    ...Object.fromEntries(names.map((name) => [`github.${name}`, github(name)])),
    'runner.temp': variables.RUNNER_TEMP ?? '',
  };
}

async function runChild(
  node: string,
  bundle: string,
  env: Record<string, string>,
  { cwd, cancel, kill, timeoutMs = 120_000 }: ActionOptions,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const child = spawn(node, [bundle], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  (await commandRun()).record('action', child.pid === undefined ? undefined : identify(child.pid));
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, signal: NodeJS.Signals) => timers.push(setTimeout(() => child.kill(signal), ms));
  const onCancel = () => {
    child.kill('SIGINT');
    later(7_500, 'SIGTERM');
    later(10_000, 'SIGKILL');
  };
  const onKill = () => child.kill('SIGKILL');
  if (kill?.aborted) onKill();
  kill?.addEventListener('abort', onKill, { once: true });
  if (cancel?.aborted) onCancel();
  cancel?.addEventListener('abort', onCancel, { once: true });
  let late = false;
  timers.push(
    setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs),
  );
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  try {
    const exitCode = await new Promise<number | null>((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    if (late)
      throw new Error(`the action did not end within ${timeoutMs} ms:\n${output.stdout}${output.stderr}`);
    return { exitCode, ...output };
  } finally {
    kill?.removeEventListener('abort', onKill);
    cancel?.removeEventListener('abort', onCancel);
    for (const timer of timers) clearTimeout(timer);
  }
}
