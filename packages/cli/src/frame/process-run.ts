import process from 'node:process';
import { exitCode } from './exit-code.ts';
import type { Ports } from './ports.ts';
import { Stop } from './stop.ts';
import { portsOf } from './terminal.ts';

/** Runs a command line in this process: its arguments, its streams and the signals that end it. */
export async function runProcess(
  dispatch: (argv: readonly string[], ports: Ports) => Promise<number>,
): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const stop = new Stop(signal);
      // The second one exits at once.
      if (controller.signal.aborted) process.exit(stop.exitCode);
      controller.abort(stop);
    });
  }

  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `holdfast verify … | head` closes the pipe early. The work goes on, and decides the exit code.
      if (error.code === 'EPIPE') return;
      process.exitCode = exitCode.world;
      if (stream !== process.stdout) return;
      process.stderr.write(
        `holdfast: the output could not be written: ${error.message}\n  help: finished work stays; check where standard output goes and run the same command again\n`,
      );
    });
  }

  const ended = await dispatch(process.argv.slice(2), portsOf(process, controller.signal));
  // A failed write may be reported before or after this.
  process.exitCode ??= ended;
}
