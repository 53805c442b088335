import { Document } from './document.ts';
import { type ExitCode, exitCode, exitCodeOf, failureLines } from './failure.ts';
import { Markdown, md, message as shown } from './markdown.ts';
import { printable } from './printable.ts';
import { Runner } from './runner.ts';

export interface FailedAction {
  /** What a later step reads of an action that failed, where it has not written the output itself. */
  readonly outputs: Readonly<Record<string, string>>;
}

const pageLimit = 1 << 16;

/**
 * Runs an action's main function. Whatever it throws becomes an annotation, a page, the outputs of a failure and the exit code for that
 * kind of failure.
 */
export async function runAction(
  main: (runner: Runner) => Promise<ExitCode>,
  { outputs }: FailedAction = { outputs: {} },
): Promise<ExitCode> {
  const runner = new Runner();
  try {
    return await main(runner);
  } catch (error) {
    const [message = 'failed without a message', ...rest] = failureLines(
      error,
      runner.environment.RUNNER_DEBUG === '1',
    );
    const code = exitCodeOf(error);
    if (code === exitCode.misuse)
      for (const fault of [message, ...rest])
        runner.annotate('error', printable(fault), { title: 'Workflow' });
    else {
      // A reason can have a path of the pull request in it.
      runner.annotate('error', printable(message));
      for (const line of rest) runner.line(line);
    }
    await leaveBehind(runner, code, [message, ...rest], outputs);
    return code;
  }
}

/** The next step and the page of the run get an answer, too. */
async function leaveBehind(
  runner: Runner,
  code: ExitCode,
  lines: readonly string[],
  outputs: FailedAction['outputs'],
): Promise<void> {
  try {
    for (const [name, value] of Object.entries(outputs))
      if (!runner.hasOutput(name)) runner.output(name, value);
    const page = new Document();
    const what =
      code === exitCode.misuse ? 'The workflow has to be corrected' : 'The action could not do its work';
    page.add(md`## ${Markdown.trusted('❌')} ${what}`);
    page.list(lines.map((line) => shown(line)));
    await runner.summary(page.render(pageLimit, 'the log'));
  } catch (cause) {
    runner.line(`the outputs or the page could not be written: ${(cause as Error).message}`);
  }
}
