import type { ActionResult, TestRepository } from '@holdfast/testkit';
import { expect } from 'vitest';
import { inProcess } from '../../../packages/cli/test/support/in-process.ts';

/** The inputs that `holdfast check` takes as flags. */
const flags = ['strict', 'manifests', 'public-keys'] as const;

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly file?: string;
  readonly line?: number;
}

/** `holdfast check` on the branch of a pull request says before the push what the action says after it. */
export async function expectSameOfCheck(
  origin: TestRepository,
  branch: string,
  result: ActionResult,
  inputs: Readonly<Record<string, string>>,
): Promise<void> {
  // A run that ended by its inputs or by GitHub judged nothing: 2 or 3 is about what a check on this machine does not have.
  if (result.exitCode !== 0 && result.exitCode !== 1) return;
  if (Object.keys(inputs).some((name) => /content|mode|gateways/.test(name))) return;
  await origin.git('checkout', '--quiet', '--force', '--detach', branch);
  await origin.git('config', 'remote.origin.url', 'https://github.com/holdfast-data/datasets.git');
  const args = flags.flatMap((name) => {
    const value = inputs[name];
    if (value === undefined || value === 'false') return [];
    if (value === 'true') return [`--${name}`];
    return value.split('\n').map((line) => `--${name}=${line}`);
  });
  const { stdout, code } = await inProcess(['check', '--json', ...args], {
    cwd: origin.path,
    env: { PATH: process.env.PATH ?? '' },
    input: '',
  }).finally(() => origin.git('config', 'remote.origin.url', origin.url));
  const said = JSON.parse(stdout) as { problems: readonly Found[] };
  const listed: readonly Found[] = JSON.parse(result.outputs.problems ?? '[]');
  // The output of a step has room for some hundred.
  const isCut = listed.some(({ code }) => code === 'json/more-problems') || listed.length > 500;
  const facts = (problems: readonly Found[]) =>
    (isCut ? [] : problems)
      .map(({ code, severity, file, line }) => `${severity} ${code} ${file} ${line}`)
      .sort();
  expect({ code, problems: facts(said.problems) }, 'holdfast check says the same').toEqual({
    code: result.exitCode,
    problems: facts(listed),
  });
}
