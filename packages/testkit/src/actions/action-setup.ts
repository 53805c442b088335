import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git, minimalPath } from '../git/git-command.ts';
import { commandRun } from '../processes/run.ts';
import { removeFolder } from '../processes/temporary-folder.ts';
import { inputVariables } from './action-metadata.ts';
import { readFileCommand } from './file-command.ts';
import { type NodeVersion, nodeBinary } from './node-version.ts';
import { type ActionEvent, resultFiles, runnerEnvironment } from './runner-environment.ts';

export interface SetupOptions {
  /** Inputs by their names in action.yml; its defaults fill the rest. */
  inputs?: Readonly<Record<string, string>>;
  event?: ActionEvent;
  eventName?: string;
  /** The workspace: the checked-out repository. */
  cwd: string;
  /** What the workflow sets in `env:`, which may also replace what the runner sets. */
  env?: Readonly<Record<string, string>>;
  /** A version, or the path of a binary. Default: 24, as actions declare. */
  node?: NodeVersion;
  /** The action.yml with the inputs. Default: the one in the folder above the bundle's. */
  action?: string;
  /** Where GitHub's API is. Default: an address that refuses connections. */
  apiUrl?: string;
  /** `github.token`, as an input's default may refer to it. */
  token?: string;
  /** What an earlier step of the same action saved: becomes STATE_… */
  state?: Readonly<Record<string, string>>;
}

/** What a step has written to the runner's files. */
export interface StepResults {
  outputs: Record<string, string>;
  state: Record<string, string>;
  env: Record<string, string>;
  paths: string[];
  /** The Markdown of the job summary. */
  summary: string;
}

/** All that it takes to run an action's bundle as GitHub's runner does. */
export interface ActionSetup {
  readonly argv: readonly [node: string, bundle: string];
  readonly cwd: string;
  /** The whole environment: nothing of whoever runs the tests. */
  readonly env: Readonly<Record<string, string>>;
  results(): StepResults;
  /** Empties the runner's files, for one more run. */
  clear(): void;
  remove(): void;
}

/** Makes the runner's files and variables for a bundle, and leaves it to the caller to run it. */
export async function prepareAction(bundle: string, options: SetupOptions): Promise<ActionSetup> {
  const run = await commandRun();
  const folder = mkdtempSync(join(run.folder, 'action-'));
  const {
    event = {},
    eventName = 'workflow_dispatch',
    cwd,
    apiUrl = 'http://127.0.0.1:9',
    token = '',
  } = options;
  const head = await git(['rev-parse', 'HEAD'], { cwd }).catch(() => '0'.repeat(40));
  const variables = runnerEnvironment({ event, eventName, workspace: cwd, folder, head, apiUrl });
  const clear = () => {
    for (const name of resultFiles) writeFileSync(variables[name] ?? '', '');
  };
  for (const name of ['temp', 'tools', 'home']) mkdirSync(join(folder, name));
  clear();
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
  const action = options.action ?? join(dirname(bundle), '..', 'action.yml');
  const env = run.environment({
    ...variables,
    PATH: minimalPath(),
    HOME: join(folder, 'home'),
    ...options.env,
    ...inputVariables(action, options.inputs ?? {}, contextOf(variables, token)),
    ...Object.fromEntries(Object.entries(options.state ?? {}).map(([key, value]) => [`STATE_${key}`, value])),
  });
  const file = (name: (typeof resultFiles)[number]) => readFileSync(variables[name] ?? '', 'utf8');
  return {
    argv: [nodeBinary(options.node ?? '24'), bundle],
    cwd,
    env,
    results: () => ({
      outputs: readFileCommand(file('GITHUB_OUTPUT'), 'GITHUB_OUTPUT'),
      state: readFileCommand(file('GITHUB_STATE'), 'GITHUB_STATE'),
      env: readFileCommand(file('GITHUB_ENV'), 'GITHUB_ENV'),
      paths: file('GITHUB_PATH').split('\n').filter(Boolean),
      summary: file('GITHUB_STEP_SUMMARY'),
    }),
    clear,
    remove: () => removeFolder(folder),
  };
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
