import {
  type ExitCode,
  exitCode,
  Misuse,
  type RunnerPorts,
  readEvent,
  readInputs,
  runAction,
} from '@holdfast/action-kit';
import { definitions } from './inputs.ts';
import { publish } from './publish.ts';
import { run } from './run.ts';

/** The whole action: what the runner gives in, an exit code out. */
export function validate(runnerPorts?: RunnerPorts): Promise<ExitCode> {
  return runAction(async (runner) => {
    const inputs = readInputs(definitions, runner);
    if (inputs['verify-content'] && inputs.gateways.length === 0)
      throw new Misuse(['input "gateways" is required with verify-content: true']);
    const event = readEvent(runner);
    const workspace = runner.environment.GITHUB_WORKSPACE || process.cwd();
    const ports = { runner, workspace, now: () => new Date(), request: fetch };
    const report = await run(inputs, event, ports);
    await publish(report, inputs, event, ports);
    return report.valid ? exitCode.ok : exitCode.problems;
  }, runnerPorts);
}
