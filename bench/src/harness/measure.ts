import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** Beside the variables of whoever runs the benchmark. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of them; it has a PATH to find Python on. */
  readonly wholeEnv?: Readonly<Record<string, string>>;
}

/** What one run cost, by the operating system's own account. Seconds and bytes. */
export interface Sample {
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  /** Peak resident memory of the largest single process. */
  readonly peakBytes: number;
}

const wrapper = new URL('measure.py', import.meta.url).pathname;

/** Runs a command as a whole process. A failing command is an error: its time would mean nothing. */
export async function measure(command: Command): Promise<{ sample: Sample; stdout: string }> {
  const child = spawn('python3', ['-I', '-S', wrapper, ...command.argv], {
    cwd: command.cwd,
    env: command.wholeEnv ?? { ...process.env, ...command.env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const report = child.stdio[3];
  if (!child.stdout || !child.stderr || !report) throw new Error('expected pipes');
  const [stdout, stderr, json] = await Promise.race([
    Promise.all([text(child.stdout), text(child.stderr), text(report as NodeJS.ReadableStream)]),
    failed,
  ]);
  if (json === '') throw new Error(`${command.argv[0]} could not be started: ${stderr.trim()}`);
  const { exitCode, ...sample } = JSON.parse(json) as Sample & { exitCode: number };
  if (exitCode !== 0)
    throw new Error(`${command.argv.join(' ')} ended with ${exitCode}: ${stderr.trim().slice(-2000)}`);
  return { sample, stdout };
}
