import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clamd extends AsyncDisposable {
  /** What `scan-command` is. */
  readonly command: string;
  /** Ends the daemon; `clamdscan` then finds nobody. */
  stop(): Promise<void>;
}

export interface ClamdOptions {
  /** Signature names, with the text that each is for. */
  readonly signatures: Readonly<Record<string, string>>;
  /** Bytes of a stream that clamdscan sends and clamd takes. */
  readonly streamMaxLength: number;
}

/** A real clamd on a socket of its own, with a database of nothing but these signatures. */
export async function startClamd({ signatures, streamMaxLength }: ClamdOptions): Promise<Clamd> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-clamd-'));
  const socket = join(folder, 'clamd.sock');
  for (const name of ['database', 'temporary']) mkdirSync(join(folder, name));
  const lines = Object.entries(signatures).map(
    ([name, text]) => `${name}:0:*:${Buffer.from(text).toString('hex')}\n`,
  );
  writeFileSync(join(folder, 'database', 'test.ndb'), lines.join(''));
  const settings = join(folder, 'clamd.conf');
  writeFileSync(
    settings,
    [
      `LocalSocket ${socket}`,
      `DatabaseDirectory ${join(folder, 'database')}`,
      `TemporaryDirectory ${join(folder, 'temporary')}`,
      `LogFile ${join(folder, 'log')}`,
      `StreamMaxLength ${streamMaxLength}`,
      'Foreground yes',
      '',
    ].join('\n'),
  );
  const child = spawn('clamd', [`--config-file=${settings}`], { stdio: 'ignore' });
  const stop = () => end(child);
  try {
    await ready(child, socket);
  } catch (error) {
    await stop();
    throw new Error(
      `clamd did not start; install it with: apt-get install clamav-daemon clamdscan\n${logOf(folder)}`,
      {
        cause: error,
      },
    );
  }
  return {
    command: `clamdscan --config-file=${settings} --no-summary -`,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function logOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'log'), 'utf8');
  } catch {
    return '';
  }
}

async function ready(child: ChildProcess, socket: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (let tries = 0; tries < 300; tries += 1) {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`clamd ended with ${child.exitCode}`);
    if (await answers(socket)) return;
    await sleep(100);
  }
  throw new Error('clamd did not answer within 30 s');
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket, () => connection.write('zPING\0'));
    connection.once('data', (data) => {
      connection.destroy();
      resolve(data.toString().startsWith('PONG'));
    });
    connection.once('error', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(late);
}
