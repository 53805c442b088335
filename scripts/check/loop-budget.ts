// Fails when the loop of a package fails, or works for longer than its five seconds allow.
import { spawnSync } from 'node:child_process';

/** Two cores do ten seconds of work in five. What is half as much above that is not noise. */
const limitSeconds = 15;
const projects = process.argv.slice(2);

/** A work of the same kind, and the processor time that it takes on a machine that is not slowed down by others. */
const yardstick = ['node_modules/typescript/lib/tsc.js', '--noEmit', '-p', 'packages/http'];
const yardstickSeconds = 2.6;
/** A machine that is slower than this is no place to judge by. */
const slowestFactor = 3;

interface Measured {
  readonly status: number | null;
  readonly output: string;
  /** Of the processor; undefined where it could not be read. */
  readonly seconds: number | undefined;
}

function measured(args: readonly string[]): Measured {
  const command = ['-c', '"$@"; code=$?; times >&2; exit $code', '-', process.execPath, ...args];
  const { status, stdout, stderr } = spawnSync('bash', command, { encoding: 'utf8' });
  // bash(1), times: the second line is what its children took, `0m1.234s 0m0.567s`.
  const spent = [...(stderr.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = spent.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { status, output: stdout + stderr, seconds: spent.length === 2 ? seconds : undefined };
}

/** Virtual machines have been seen to take twice the processor time for the same work, for hours. */
function limitHere(): number {
  const runs = [measured(yardstick), measured(yardstick)].map(({ seconds }) => seconds ?? yardstickSeconds);
  const factor = Math.min(slowestFactor, Math.max(1, Math.min(...runs) / yardstickSeconds));
  return limitSeconds * factor;
}

const limit = limitHere();
let bad = 0;
for (const project of projects) {
  const { status, output, seconds } = measured(['scripts/loop.ts', project, '--once']);
  if (status === 0 && seconds !== undefined && seconds <= limit) continue;
  bad += 1;
  console.log(
    status === 0
      ? `${project}: ${seconds?.toFixed(1)} s of processor time, expected at most ${limit.toFixed(1)} on this machine`
      : `${project}: the loop fails, though it may be that npm test does not\n${output}`,
  );
}
process.exitCode = bad > 0 ? 1 : 0;
