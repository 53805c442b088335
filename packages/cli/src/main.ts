#!/usr/bin/env node
import process from 'node:process';
import { dispatch } from './dispatch.ts';
import { portsOf } from './terminal.ts';

const controller = new AbortController();
process.once('SIGINT', () => {
  controller.abort(new DOMException('stopped by Ctrl-C', 'AbortError'));
  // A second one does not wait for anything.
  process.once('SIGINT', () => process.exit(130));
});

// `holdfast inspect … | head` closes the pipe early; that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}

process.exitCode = await dispatch(process.argv.slice(2), portsOf(process, controller.signal));
