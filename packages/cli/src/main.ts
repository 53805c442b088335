#!/usr/bin/env node
import process from 'node:process';
import { dispatch } from './command-line.ts';
import { exitCode } from './frame/exit-code.ts';
import { Stop } from './frame/stop.ts';
import { portsOf } from './frame/terminal.ts';

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
