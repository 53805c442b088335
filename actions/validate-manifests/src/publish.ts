import {
  type Annotation,
  type Answer,
  annotate,
  commentLimit,
  exceedsLog,
  GitHub,
  publishCheckRun,
  publishComment,
  type WorkflowEvent,
} from '@holdfast/action-kit';
import { annotationsOf } from './annotations.ts';
import type { ValidateInputs } from './inputs.ts';
import { printReport, verdict } from './log.ts';
import { writeOutputs } from './outputs.ts';
import { pageOf } from './page.ts';
import type { Report } from './report.ts';
import type { Ports } from './run.ts';
import { writeSafely } from './safe-file.ts';
import { sarifNotes, sarifOf } from './sarif.ts';

const summaryLimit = 1 << 20;
const checkLimit = 65_000;
const apiMs = 45_000;

/** Shows a report in the log, outputs, comment, check run, summary and SARIF file. Nothing here changes the verdict. */
export async function publish(
  report: Report,
  inputs: ValidateInputs,
  event: WorkflowEvent,
  ports: Ports,
): Promise<void> {
  const { runner } = ports;
  printReport(runner, report);
  writeOutputs(runner, report);
  const server = runner.environment.GITHUB_SERVER_URL || 'https://github.com';
  const repositoryUrl = `${server}/${event.repository}`;
  const { gateways } = inputs;
  const context = { repositoryUrl, gateways, pullRequest: event.pullRequest?.number };
  const annotations = annotationsOf(report);
  const run = new Publishing(report, inputs, event, ports);
  const inCheck =
    exceedsLog(annotations) &&
    (await run.checkRun(
      annotations,
      pageOf(report, { ...context, remarks: [] }).render(checkLimit, "the run's log"),
    ));
  await run.comment(() =>
    pageOf(report, { ...context, remarks: [] }).render(commentLimit - 200, "the run's log"),
  );
  const where = inCheck
    ? 'the check "Dataset manifests", the job summary and the log'
    : 'the job summary and the log';
  annotate(runner, annotations, where);
  const path = inputs['sarif-file'];
  const cut = path === undefined ? [] : sarifNotes(report.problems);
  for (const note of cut) runner.line(`note: ${note}`);
  const page = pageOf(report, { ...context, remarks: [...run.remarks, ...cut] });
  await runner.summary(page.render(summaryLimit, 'the log'));
  // Last, because it can fail: the pull request may have put something at its path.
  if (path !== undefined)
    writeSafely(ports.workspace, path, `${JSON.stringify(sarifOf(report.problems), null, 2)}\n`);
}

class Publishing {
  readonly remarks: string[] = [];
  readonly #report: Report;
  readonly #inputs: ValidateInputs;
  readonly #event: WorkflowEvent;
  readonly #ports: Ports;
  #api: GitHub | undefined;

  constructor(report: Report, inputs: ValidateInputs, event: WorkflowEvent, ports: Ports) {
    this.#report = report;
    this.#inputs = inputs;
    this.#event = event;
    this.#ports = ports;
  }

  async checkRun(annotations: readonly Annotation[], summary: string): Promise<boolean> {
    const { repository, pullRequest } = this.#event;
    const head = pullRequest?.head ?? this.#event.head;
    const github = this.#github('checks', 'the check run with all annotations');
    if (github === undefined || head === undefined) return false;
    const { valid } = this.#report;
    const answer = await publishCheckRun(github, {
      repository,
      name: 'Dataset manifests',
      head,
      ok: valid,
      title: verdict(this.#report),
      summary,
      annotations,
    });
    return this.#written(answer, 'checks', 'the check run with all annotations', 'checks: write');
  }

  async comment(body: () => string): Promise<void> {
    const { repository, pullRequest } = this.#event;
    if (pullRequest === undefined) return;
    const github = this.#github('comment', 'the comment');
    if (github === undefined) return;
    const onlyUpdate = this.#report.changes.length === 0 && this.#report.problems.length === 0;
    const answer = await publishComment(github, {
      repository,
      pullRequest: pullRequest.number,
      id: 'validate-manifests',
      body: body(),
      onlyUpdate,
    });
    this.#written(answer, 'comment', 'the comment', 'pull-requests: write');
  }

  /** Undefined if trying is of no use; a remark says why. */
  #github(input: 'comment' | 'checks', what: string): GitHub | undefined {
    const token = this.#inputs['github-token'];
    const wanted = this.#inputs[input];
    if (wanted === 'false') return undefined;
    if (token === undefined) {
      if (wanted === 'true') this.#remark(input, `${what} needs the input \`github-token\``);
      return undefined;
    }
    if (this.#event.pullRequest?.fork && wanted === 'auto') return undefined;
    const { environment } = this.#ports.runner;
    this.#api ??= new GitHub({ token, environment, signal: AbortSignal.timeout(apiMs) });
    return this.#api;
  }

  #written(answer: Answer, input: 'comment' | 'checks', what: string, permission: string): boolean {
    if (answer.ok) return true;
    const grant =
      answer.kind === 'forbidden' || answer.kind === 'not-found'
        ? `; grant \`${permission}\` to the job, or set \`${input}: false\``
        : '';
    this.#remark(
      input,
      `${what} could not be written: ${answer.reason}${grant}. The verdict is not affected`,
    );
    return false;
  }

  /** A warning if it was asked for by name, else a line of log. */
  #remark(input: 'comment' | 'checks', sentence: string): void {
    const { runner } = this.#ports;
    if (this.#inputs[input] === 'true') runner.annotate('warning', sentence, { title: 'validate-manifests' });
    else runner.line(`note: ${sentence}`);
    this.remarks.push(sentence);
  }
}
