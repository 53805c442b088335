import { spawn } from 'node:child_process';
import { identify } from '../processes/process-identity.ts';
import { commandRun } from '../processes/run.ts';
import { type ActionSetup, prepareAction, type SetupOptions, type StepResults } from './action-setup.ts';
import { type ReadLog, readLog } from './workflow-command.ts';

export interface ActionOptions extends SetupOptions {
  /** Cancels as the runner does: SIGINT, then SIGTERM after 7.5 s, then SIGKILL after 2.5 s. */
  cancel?: AbortSignal;
  /** Ends it at once, as a lost machine does. */
  kill?: AbortSignal;
  /** After so long the action is killed and the test fails. Default: four minutes. */
  timeoutMs?: number;
}

export interface ActionResult extends ReadLog, StepResults {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs an action's real bundle in a process of its own, in the environment that GitHub's runner gives it. */
export async function runAction(bundle: string, options: ActionOptions): Promise<ActionResult> {
  const setup = await prepareAction(bundle, options);
  try {
    const ended = await runChild(setup, options);
    return {
      ...ended,
      // The runner reads commands from both streams; their order between each other is not known here.
      ...readLog(ended.stderr ? `${ended.stdout}\n${ended.stderr}` : ended.stdout),
      ...setup.results(),
    };
  } finally {
    setup.remove();
  }
}

/** What an action writes to, where it is a function. */
export interface ActionWorld {
  readonly environment: Readonly<Record<string, string>>;
  readonly write: (text: string) => void;
}

/** The same in this process, for an action that is a function of its world: quick, and an edit needs no bundle. */
export async function runActionHere(
  main: (world: ActionWorld) => Promise<number>,
  options: SetupOptions & { readonly action: string },
): Promise<ActionResult> {
  const setup = await prepareAction('', options);
  try {
    let stdout = '';
    const write = (text: string) => {
      stdout += text;
    };
    const exitCode = await main({ environment: setup.env, write });
    return { exitCode, stdout, stderr: '', ...readLog(stdout), ...setup.results() };
  } finally {
    setup.remove();
  }
}

async function runChild(
  { argv: [node, bundle], cwd, env }: ActionSetup,
  { cancel, kill, timeoutMs = 240_000 }: ActionOptions,
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
