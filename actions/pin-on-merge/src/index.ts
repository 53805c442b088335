import {
  annotate,
  type ExitCode,
  exitCode,
  fetchHeader,
  GitHub,
  Misuse,
  type Runner,
  readEvent,
  resolveRange,
  runAction,
  serverAddress,
  type WorkflowEvent,
} from '@holdfast/action-kit';
import { systemClock } from '@holdfast/http';
import { checkChanges, fileAt, openRepository, type Repository } from '@holdfast/repository';
import { announce } from './announcement.ts';
import { gatewayRetrieval, listsOn, scanSource } from './content-source.ts';
import { openNamePorts } from './dataset-names.ts';
import { type ActionInputs, readActionInputs } from './inputs.ts';
import { annotations, resultLines } from './log.ts';
import { writeNoResults, writeOutputs } from './outputs.ts';
import { renderFault, renderPage } from './page.ts';
import type { Ports, RepositoryPort } from './ports.ts';
import { gradeOf, type Report } from './report.ts';
import { run } from './run.ts';
import { openTarget, openTargets } from './targets.ts';

const summaryLimit = 1_000_000;

/** Later steps read outputs and people the summary, whatever ended the run. */
async function main(runner: Runner): Promise<ExitCode> {
  const shown = { yet: false };
  try {
    return await pinOnMerge(runner, shown);
  } catch (error) {
    if (!shown.yet) {
      writeNoResults(runner);
      // A summary that cannot be written must not hide what happened.
      await runner.summary(renderFault(error)).catch(() => {});
    }
    throw error;
  }
}

async function pinOnMerge(runner: Runner, shown: { yet: boolean }): Promise<ExitCode> {
  const began = performance.now();
  const inputs = readActionInputs(runner);
  const event = readEvent(runner, ['push', 'schedule', 'workflow_dispatch', 'pull_request']);
  const { dryRun, notes } = dryRunOf(event, inputs);
  const cancelled = cancellation();
  const one = inputs.targets === undefined ? openTarget(inputs, systemClock) : undefined;
  if (one === undefined && inputs.targets === undefined && !dryRun) {
    throw new Misuse([
      'inputs expected one of "cluster-url", "kubo-url", "pinning-service" and "targets", got none; set one of them',
    ]);
  }
  const inTime = AbortSignal.any([cancelled, AbortSignal.timeout(inputs.timeout)]);
  // Closed in any case: the process of git would keep ours from ending.
  await using repository = await openRepository(runner.environment.GITHUB_WORKSPACE ?? process.cwd());
  const opened = await openClone(repository, runner, event, inputs, inTime);
  if (opened === undefined) {
    runner.line('The branch was deleted: nothing to do');
    writeNoResults(runner);
    return exitCode.ok;
  }
  for (const note of opened.notes) runner.line(note);
  const several =
    inputs.targets === undefined
      ? undefined
      : await openTargets(await targetsFile(inputs.targets, repository, event, opened), inputs.targets, {
          runner,
          clock: systemClock,
        });
  for (const note of several?.notes ?? []) runner.line(note);
  const target = several?.target ?? one;
  const ofTargets = [...new Set(several?.gateways.map(({ url }) => url))];
  const gateways = inputs.gateways.length > 0 ? inputs.gateways : ofTargets;
  const retrieval = gatewayRetrieval({ ...inputs, gateways });
  const names = await openNamePorts(inputs);
  const ports: Ports = {
    repository: opened.port,
    ...(target !== undefined && { target }),
    ...(inputs['scan-command'] !== undefined && {
      scan: { scanner: await scannerFor(inputs['scan-command'], runner), read: scanSource(inputs) },
    }),
    ...(retrieval !== undefined && { retrieval }),
    ...(inputs.rollout && {
      rollout: {
        rules: several?.rollout ?? {},
        gateways: [...inputs.gateways.map((url) => ({ url })), ...(several?.gateways ?? [])],
      },
    }),
    routers: inputs.routers,
    ...(names !== undefined && { names }),
    clock: systemClock,
    random: Math.random,
    signal: cancelled,
    log: (line) => runner.line(line),
  };
  const mode = inputs.mode === 'auto' ? (opened.all ? 'all' : 'changed') : inputs.mode;
  const report = await run(
    {
      repository: event.repository,
      owner: `${hostOf(runner)}/${event.repository}`,
      event: event.name,
      manifests: inputs.manifests,
      mode,
      dryRun,
      onWithdraw: inputs['on-withdraw'],
      wait: inputs.wait,
      timeoutMs: Math.max(1, Math.round(inputs.timeout - (performance.now() - began))),
      concurrency: inputs.concurrency,
      verifyRetrieval: inputs['verify-retrieval'],
      prove: inputs.prove,
      proveBlocks: inputs['prove-blocks'],
      proveBytes: inputs['prove-mib'] * 2 ** 20,
      notes: [...notes, ...opened.notes, ...(several?.notes ?? [])],
    },
    ports,
  );
  shown.yet = true;
  names?.names.stop();
  const unkept = await show(report, { runner, inputs, event, cancelled });
  const code = verdict(report, inputs['fail-on']);
  return code === exitCode.ok && unkept !== undefined ? exitCode.world : code;
}

/** Only merged datasets are pinned. For anything else the plan is shown. */
function dryRunOf(event: WorkflowEvent, inputs: ActionInputs): { dryRun: boolean; notes: readonly string[] } {
  if (event.name === 'pull_request')
    return { dryRun: true, notes: ['a pull request is never pinned: this is the plan for its merge'] };
  if (event.ref !== `refs/heads/${event.defaultBranch}`) {
    return {
      dryRun: true,
      notes: [`only ${event.defaultBranch} is pinned: this is a dry run of ${event.ref}`],
    };
  }
  return { dryRun: inputs['dry-run'], notes: [] };
}

/** A cancelled job gets a signal and a few seconds: enough to stop waiting and report. */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error(`ended by ${name}`)));
  }
  return controller.signal;
}

/** What is not on the default branch yet must not say where credentials go. */
async function targetsFile(
  path: string,
  repository: Repository,
  event: WorkflowEvent,
  { base, head }: OpenedClone,
): Promise<Uint8Array | undefined> {
  const isMerged = event.name !== 'pull_request' && event.ref === `refs/heads/${event.defaultBranch}`;
  const commit = isMerged ? head : base;
  return commit === undefined ? undefined : fileAt(repository, commit, path, maxTargetsBytes);
}

const maxTargetsBytes = 1 << 20;

interface OpenedClone {
  readonly base?: string;
  readonly head: string;
  readonly port: RepositoryPort;
  readonly notes: readonly string[];
  readonly all: boolean;
}

async function openClone(
  repository: Repository,
  runner: Runner,
  event: WorkflowEvent,
  inputs: ActionInputs,
  signal: AbortSignal,
): Promise<OpenedClone | undefined> {
  const header = fetchHeader(runner, inputs['github-token']);
  const range = await resolveRange(event, repository, { signal, ...(header !== undefined && { header }) });
  if (range === undefined) return undefined;
  const { base, head, all, notes } = range;
  return {
    ...(base !== undefined && { base }),
    head,
    notes,
    all,
    port: {
      judge: () =>
        checkChanges(repository, {
          ...(base !== undefined && { base }),
          head,
          mode: 'all',
          at: new Date(),
          repository: event.repository,
          manifests: inputs.manifests,
          publicKeys: inputs['public-keys'],
          findList: listsOn(inputs),
        }),
    },
  };
}

/** The scanner gets what a program needs to run, and none of the action's secrets. */
async function scannerFor(command: readonly [string, ...string[]], { environment }: Runner) {
  const passed = [
    'PATH',
    'HOME',
    'TMPDIR',
    'TEMP',
    'TMP',
    'LANG',
    'LC_ALL',
    'SystemRoot',
    'PATHEXT',
    'RUNNER_TEMP',
  ];
  const env = Object.fromEntries(
    passed.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
  const { programScanner } = await import('./scan/scanner.ts');
  return programScanner(command, { env, cwd: environment.GITHUB_WORKSPACE ?? process.cwd() });
}

function hostOf({ environment }: Runner): string {
  return serverAddress(environment).host;
}

interface Stage {
  readonly runner: Runner;
  readonly inputs: ActionInputs;
  readonly event: WorkflowEvent;
  readonly cancelled: AbortSignal;
}

/** Time limit for telling GitHub. A cancelled job has only seconds left. */
const announceMs = 60_000;
const hurriedMs = 4_000;

/** Local results come first: telling GitHub may take long. Returns why the receipt is missing, if it should exist. */
async function show(
  report: Report,
  { runner, inputs, event, cancelled }: Stage,
): Promise<string | undefined> {
  const { environment } = runner;
  const serverUrl = environment.GITHUB_SERVER_URL || 'https://github.com';
  const runId = environment.GITHUB_RUN_ID;
  const runUrl = runId === undefined ? undefined : `${serverUrl}/${event.repository}/actions/runs/${runId}`;
  const address = { serverUrl, ...(runUrl !== undefined && { runUrl }) };
  for (const line of resultLines(report)) runner.line(line);
  const unkept = await writeOutputs(report, {
    runner,
    ...(inputs.receipt !== undefined && { path: inputs.receipt }),
    ...(runUrl && { runUrl }),
  });
  await runner.summary(renderPage(report, { ...address, limit: summaryLimit }));
  const found = annotations(report);
  if (unkept !== undefined) found.push({ level: 'error', title: 'Receipt', message: unkept });
  annotate(runner, found, 'the summary of the run');
  const token = inputs['github-token'];
  if (token !== undefined && event.name === 'push' && !report.dryRun) {
    const left = AbortSignal.timeout(cancelled.aborted ? hurriedMs : announceMs);
    const github = new GitHub({ token, environment, signal: left });
    const unshown = await announce(github, {
      report,
      commits: pushedCommits(runner),
      status: inputs.status,
      comment: inputs.comment,
      ...address,
      page: (limit) => renderPage(report, { ...address, limit }),
    });
    for (const line of unshown) runner.line(line);
  }
  return unkept;
}

function pushedCommits(runner: Runner): string[] {
  const { commits } = (runner.payload() ?? {}) as { commits?: unknown };
  if (!Array.isArray(commits)) return [];
  return commits.flatMap((commit: { id?: unknown }) =>
    typeof commit?.id === 'string' && /^[0-9a-f]{40,64}$/.test(commit.id) ? [commit.id] : [],
  );
}

function verdict(report: Report, failOn: 'degraded' | 'failed'): ExitCode {
  if (report.failure !== undefined) return exitCode.world;
  const grade = gradeOf(report);
  if (grade === 'failed' || (grade === 'degraded' && failOn === 'degraded')) return exitCode.problems;
  return exitCode.ok;
}

/** Nothing was done: a later step that reads the outputs is told so. */
const outputs = {
  satisfied: '0',
  degraded: '0',
  failed: '0',
  results: '[]',
  plan: '[]',
  names: '[]',
  proofs: '[]',
  rollout: '',
};

runAction(main, { outputs }).then((code) => {
  process.exitCode = code;
});
