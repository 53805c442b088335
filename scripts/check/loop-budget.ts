// Fails when the loop of a package fails, or works for longer than its five seconds allow.
import { spawnSync } from 'node:child_process';

/** Two cores do ten seconds of work in five. What is half as much above that is not noise. */
const limitSeconds = 15;
const projects = process.argv.slice(2);
const measured = (project: string) =>
  spawnSync(
    'bash',
    [
      '-c',
      '"$@"; code=$?; times >&2; exit $code',
      '-',
      process.execPath,
      'scripts/loop.ts',
      project,
      '--once',
    ],
    { encoding: 'utf8' },
  );

let bad = 0;
for (const project of projects) {
  const { status, stdout, stderr } = measured(project);
  // bash(1), times: the second line is what its children took, `0m1.234s 0m0.567s`.
  const spent = [...(stderr.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = spent.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  if (status === 0 && spent.length === 2 && seconds <= limitSeconds) continue;
  bad += 1;
  console.log(
    status === 0
      ? `${project}: ${seconds.toFixed(1)} s of processor time, expected at most ${limitSeconds}`
      : `${project}: the loop fails, though it may be that npm test does not\n${stdout}${stderr}`,
  );
}
process.exitCode = bad > 0 ? 1 : 0;
