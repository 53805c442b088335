import { createInterface } from 'node:readline';
import { isatty, type ReadStream } from 'node:tty';
import type { Input, Output, Ports } from './ports.ts';

type Process = typeof globalThis.process;

/** The ports of a real process. */
export function portsOf(process: Process, signal: AbortSignal): Ports {
  return {
    stdin: inputOf(process, signal),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    clock: () => new Date(),
    signal,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || 80;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

/** `process.stdin` opens the stream when it is first read, which most verbs never need. */
function inputOf(process: Process, signal: AbortSignal): Input {
  return {
    isTTY: isatty(0),
    ask: (question, options) =>
      (options?.hidden ? askHidden : askLine)(process.stdin, process.stderr, question, signal),
    async read() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
  };
}

function askLine(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input, output });
  return new Promise<string>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    // readline takes Ctrl-C from the terminal for itself; hand it on to who stops the whole run.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.once('close', () => reject(new Error('the input ended before an answer')));
    lines.question(question, (answer) => {
      signal.removeEventListener('abort', stop);
      resolve(answer);
    });
  }).finally(() => lines.close());
}

/** Reads key by key with the echo off; readline would show what is typed. */
function askHidden(
  input: ReadStream,
  output: NodeJS.WriteStream,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.resume();
  let typed = '';
  return new Promise<string>((resolve, reject) => {
    const done = () => {
      input.setRawMode(false);
      input.pause();
      input.off('data', onData);
      signal.removeEventListener('abort', stop);
      output.write('\n');
    };
    const stop = () => {
      done();
      reject(signal.reason);
    };
    const onData = (data: string | Buffer) => {
      for (const key of String(data)) {
        if (key === '\r' || key === '\n') {
          done();
          return resolve(typed);
        }
        if (key === '\u0003') process.kill(process.pid, 'SIGINT');
        else if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        else if (key >= ' ') typed += key;
      }
    };
    signal.addEventListener('abort', stop, { once: true });
    input.on('data', onData);
  });
}
