import { type ExitCode, exitCode, exitCodeOf, failureLines } from './failure.ts';
import { printable } from './printable.ts';
import { Runner } from './runner.ts';

/** Runs an action's main function. Whatever it throws becomes an annotation and the exit code for that kind of failure. */
export async function runAction(main: (runner: Runner) => Promise<ExitCode>): Promise<ExitCode> {
  const runner = new Runner();
  try {
    return await main(runner);
  } catch (error) {
    const [message = 'failed without a message', ...rest] = failureLines(error);
    const code = exitCodeOf(error);
    if (code === exitCode.misuse)
      for (const fault of [message, ...rest])
        runner.annotate('error', printable(fault), { title: 'Workflow' });
    else {
      // A reason can have a path of the pull request in it.
      runner.annotate('error', printable(message));
      for (const line of rest) runner.line(line);
    }
    return code;
  }
}
