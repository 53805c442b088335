import { spawn } from 'node:child_process';
import type { Alert } from '@holdfast/watch';

const limitMs = 60_000;
const maxOutput = 500;

/**
 * Runs the operator's own command line in a shell, with the alert as JSON on standard input and its sentence in `HOLDFAST_ALERT`.
 * Nothing of the alert becomes part of the command line. Answers what went wrong, or undefined.
 */
export function runAlertCommand(
  command: string,
  alert: Alert,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      env: { ...env, HOLDFAST_ALERT: alert.data.text },
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said = `${said}${data}`.slice(0, maxOutput);
    });
    // A command that does not read its input is no fault.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(alert)}\n`);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      const how = signal === null ? `ended with ${code}` : `was stopped by ${signal}`;
      resolve(code === 0 ? undefined : `${how}${said.trim() === '' ? '' : `: ${said.trim()}`}`);
    });
  });
}
