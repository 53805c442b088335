import { createInterface } from 'node:readline';
import { isatty, type ReadStream } from 'node:tty';
import { Misuse } from './misuse.ts';
import type { Input, Output, Ports } from './ports.ts';

const escapeKey = '\u001b';
const keySequence = new RegExp(`${escapeKey}(?:\\[[0-9;]*[ -/]*[@-~]|O.)`, 'g');

type Process = typeof globalThis.process;

/** The ports of a real process. */
export function portsOf(process: Process, signal: AbortSignal): Ports {
  return {
    stdin: inputOf(process, signal),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    // Read only when a command runs: it throws in a folder that was removed, where --help still works.
    get cwd() {
      return folderOf(process);
    },
    clock: () => new Date(),
    signal,
  };
}

function folderOf(process: Process): string {
  try {
    return process.cwd();
  } catch {
    throw new Misuse('the current folder no longer exists', 'cd to another folder');
  }
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

/** `process.stdin` opens the stream on first use, which most commands never need. */
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
    const settle = () => {
      signal.removeEventListener('abort', aborted);
      lines.off('close', ended);
    };
    const stop = (reason: unknown) => {
      settle();
      output.write('\n');
      reject(reason);
    };
    const aborted = () => stop(signal.reason);
    const ended = () => stop(noAnswer());
    signal.addEventListener('abort', aborted, { once: true });
    // readline keeps Ctrl-C for itself; pass it on so that the whole run stops.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.once('close', ended);
    lines.question(question, (answer) => {
      settle();
      resolve(answer);
    });
  }).finally(() => lines.close());
}

/** Ctrl-D, or the end of standard input. */
function noAnswer(): Misuse {
  return new Misuse(
    'the input ended before an answer',
    'run it again and answer, or give the answers as flags: see holdfast COMMAND --help',
  );
}

/** Reads key by key without an echo; readline would show what is typed. */
function askHidden(
  input: ReadStream,
  output: NodeJS.WriteStream,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  // Before the question: else keys typed at once are shown, and Ctrl-D ends the input instead of arriving as a key.
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.resume();
  output.write(question);
  let typed = '';
  return new Promise<string>((resolve, reject) => {
    const done = () => {
      input.setRawMode(false);
      input.pause();
      input.off('data', onData);
      input.off('end', end);
      signal.removeEventListener('abort', stop);
      output.write('\n');
    };
    const stop = () => {
      done();
      reject(signal.reason);
    };
    const end = () => {
      done();
      reject(noAnswer());
    };
    const onData = (data: string | Buffer) => {
      // Arrows and other keys that are not characters come as one sequence, which is not part of a password.
      for (const key of String(data).replace(keySequence, '')) {
        if (key === '\r' || key === '\n') {
          done();
          return resolve(typed);
        }
        if (key === '\u0004' && typed === '') return end();
        if (key === '\u0003') process.kill(process.pid, 'SIGINT');
        else if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        else if (key === '\u0015') typed = '';
        else if (key >= ' ') typed += key;
      }
    };
    signal.addEventListener('abort', stop, { once: true });
    input.on('data', onData);
    input.once('end', end);
  });
}
