import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reporters } from '../config/vitest.base.ts';

const root = join(import.meta.dirname, '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-ci-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const report = (passed: number, failed = 0, pending = 0) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
  });

function total(
  exitCodes: readonly [string, string, string, string, string],
  line: string,
  reports: Record<string, string>,
) {
  const cache = join(folder, 'node_modules/.cache/holdfast');
  mkdirSync(cache, { recursive: true });
  for (const [name, text] of Object.entries(reports)) writeFileSync(join(cache, name), text);
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'scripts/ci-total.ts'), ...exitCodes, line],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('the total of CI', () => {
  const good = {
    'tests.json': report(10),
    'clamav.json': report(2),
    'browser.json': report(2),
    'deploy.json': report(3),
  };

  it('adds tests and checks', () => {
    expect(total(['0', '0', '0', '0', '0'], '9 passed, 0 failed', good)).toEqual({
      status: 0,
      last: '26 passed, 0 failed',
    });
  });

  it.each<[string, Parameters<typeof total>, string]>([
    [
      'a test that failed',
      [['1', '0', '0', '0', '0'], '9 passed, 0 failed', { ...good, 'tests.json': report(9, 1) }],
      '25 passed, 1 failed',
    ],
    [
      'a test that was skipped',
      [['0', '0', '0', '0', '0'], '9 passed, 0 failed', { ...good, 'tests.json': report(9, 0, 1) }],
      '25 passed, 1 failed',
    ],
    [
      'a step that failed with no test',
      [['1', '0', '0', '0', '0'], '9 passed, 0 failed', good],
      '26 passed, 1 failed',
    ],
    [
      'a report that was not written',
      [
        ['0', '0', '0', '0', '0'],
        '9 passed, 0 failed',
        { 'tests.json': report(10), 'browser.json': report(2), 'deploy.json': report(3) },
      ],
      '24 passed, 1 failed',
    ],
    [
      'a report that was cut',
      [['0', '0', '0', '0', '0'], '9 passed, 0 failed', { ...good, 'tests.json': report(10).slice(0, -5) }],
      '16 passed, 1 failed',
    ],
    [
      'a report of another shape',
      [['0', '0', '0', '0', '0'], '9 passed, 0 failed', { ...good, 'tests.json': '{}' }],
      '16 passed, 1 failed',
    ],
    ['checks that did not come to their end', [['0', '0', '0', '0', '1'], '', good], '17 passed, 1 failed'],
  ])('counts %s as one failure', (_, given, last) => {
    expect(total(...given)).toEqual({ status: 1, last });
  });
});

const programsOfCi =
  'clamd clamdscan chromium nginx ab prometheus promtool prometheus-alertmanager amtool nft ip age jq shellcheck'.split(
    ' ',
  );

/** .ci/run with programs of ours in place of the real ones. */
function run(programs: Readonly<Record<'npm' | 'node', string>>) {
  for (const file of ['.ci/run', 'README.md', 'scripts/ci-total.ts']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const path = join(folder, 'programs');
  mkdirSync(path);
  for (const [name, program] of Object.entries(programs)) symlinkSync(program, join(path, name));
  for (const name of programsOfCi) symlinkSync('/bin/true', join(path, name));
  // Where this test is not run as root; nothing of a test runs as root.
  symlinkSync('/usr/bin/env', join(path, 'sudo'));
  const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run')], {
    encoding: 'utf8',
    env: { PATH: `${path}:/usr/bin:/bin` },
  });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('the last line of .ci/run', () => {
  it('is a total also where npm does nothing', () => {
    expect(run({ npm: '/bin/false', node: '/bin/false' })).toEqual({ status: 1, last: '0 passed, 1 failed' });
  });

  it('counts the tests of `npm test`, whatever runs tests after it', () => {
    const npm = join(folder, 'npm.sh');
    // The check runs a few tests again, as any Vitest: with a report, if it knows where.
    const script = `#!/bin/bash
say() { [ -z "$HOLDFAST_REPORT" ] || { mkdir -p "$(dirname "$HOLDFAST_REPORT")" && echo "$1" > "$HOLDFAST_REPORT"; }; }
case "$*" in
  test) say '${report(10)}' ;;
  'run test:clamav') say '${report(2)}' ;;
  'run test:browser') say '${report(2)}' ;;
  'run test:deploy') say '${report(3)}' ;;
  'run check') say '${report(1)}'; echo '9 passed, 0 failed' ;;
esac
`;
    writeFileSync(npm, script, { mode: 0o755 });
    expect(run({ npm, node: process.execPath })).toEqual({ status: 0, last: '26 passed, 0 failed' });
  });
});

it('a test run writes a report where it is told to, and nowhere else', () => {
  vi.stubEnv('CI', 'true');
  vi.stubEnv('HOLDFAST_REPORT', undefined);
  expect(reporters()).toEqual(['default']);
  vi.stubEnv('HOLDFAST_REPORT', '/tmp/report.json');
  expect(reporters()).toEqual(['default', ['json', { outputFile: '/tmp/report.json' }]]);
  vi.unstubAllEnvs();
});
