import { type ExitCode, exitCode, Misuse, readEvent, readInputs, runAction } from '@holdfast/action-kit';
import { definitions } from './inputs.ts';
import { publish } from './publish.ts';
import { run } from './run.ts';

/** The whole action. */
export function validate(): Promise<ExitCode> {
  return runAction(async (runner) => {
    const inputs = readInputs(definitions, runner);
    if (inputs.gateways.length === 0) {
      if (inputs['verify-content'])
        throw new Misuse(['input "gateways" is required with verify-content: true']);
      if (inputs.retrievable === 'true')
        throw new Misuse(['input "gateways" is required with retrievable: true']);
    }
    const event = readEvent(runner);
    const workspace = runner.environment.GITHUB_WORKSPACE || process.cwd();
    const ports = { runner, workspace, now: () => new Date() };
    const report = await run(inputs, event, ports);
    await publish(report, inputs, event, ports);
    return report.valid ? exitCode.ok : exitCode.problems;
  }, failed);
}

/** Nothing was checked, so nothing is valid: a later step that reads the outputs is told so. */
const failed = { outputs: { valid: 'false', checked: '0', problems: '[]', changes: '[]', plan: '[]' } };
