import { type ExitCode, exitCode, exitCodeOf, failureLines } from './failure.ts';
import { printable } from './printable.ts';
import { processPorts, Runner, type RunnerPorts } from './runner.ts';

/** Runs an action's main function and turns whatever it throws into an annotation and the exit code that says which kind it is. */
export async function runAction(
  main: (runner: Runner) => Promise<ExitCode>,
  ports: RunnerPorts = processPorts(),
): Promise<ExitCode> {
  const runner = new Runner(ports);
  try {
    return await main(runner);
  } catch (error) {
    const [message = 'failed without a message', ...rest] = failureLines(error);
    const code = exitCodeOf(error);
    if (code === exitCode.misuse)
      for (const fault of [message, ...rest])
        runner.command('error', { title: 'Workflow' }, printable(fault));
    else {
      // A reason can have a path of the pull request in it.
      runner.command('error', {}, printable(message));
      for (const line of rest) runner.line(line);
    }
    return code;
  }
}
