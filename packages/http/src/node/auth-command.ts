import { execFile } from 'node:child_process';
import { type Auth, parseAuth } from '../credentials.ts';
import { HttpError } from '../http-error.ts';

/**
 * Credentials from a program, such as a password manager's: it prints `user:password` or a token. Run without a shell, once,
 * and again after a 401.
 */
export function authCommand(command: string, args: readonly string[] = []): () => Promise<Auth> {
  return () =>
    new Promise((resolve, reject) => {
      execFile(command, [...args], { timeout: 60_000, maxBuffer: 64 << 10 }, (error, stdout) => {
        if (error) {
          // What it printed may be half a secret, and Node repeats the command with its arguments.
          const how =
            typeof error.code === 'number' ? `exit code ${error.code}` : (error.code ?? error.signal);
          reject(new HttpError('unauthorized', `${command} expected to print credentials, got ${how}`));
          return;
        }
        try {
          resolve(parseAuth(stdout.replace(/\r?\n$/, ''), command));
        } catch (cause) {
          reject(cause);
        }
      });
    });
}
