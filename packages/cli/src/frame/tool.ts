import { spawn } from 'node:child_process';

export interface ToolEnded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ToolPorts {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Runs another program to its end with `input` on its standard input; undefined if it is not installed. */
export async function runTool(
  program: string,
  args: readonly string[],
  input: string,
  { cwd, env, signal }: ToolPorts,
): Promise<ToolEnded | undefined> {
  return new Promise<ToolEnded>((resolve, reject) => {
    const child = spawn(program, [...args], { cwd, env, signal, stdio: 'pipe' });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    // It may exit before it reads everything, for example where its arguments are wrong.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
}
