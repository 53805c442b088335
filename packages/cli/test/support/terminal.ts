import { spawn } from 'node:child_process';
import { binary, type Ended, type Sandbox } from './holdfast.ts';

/** What to type once a text has appeared; `\u0003` is Ctrl-C. */
export interface Reply {
  readonly when: string;
  readonly type: string;
}

/** A text that does not appear in this time never will. */
const patience = 60_000;

/**
 * Runs `holdfast` on a pseudo-terminal of `script` (util-linux), which is what makes it ask, draw bars and colour.
 * Standard output and standard error come back as one, as a person sees them. A text that never appears fails with what did.
 */
export function onTerminal(
  box: Sandbox,
  args: readonly string[],
  replies: readonly Reply[] = [],
  env: Record<string, string> = {},
): Promise<Pick<Ended, 'code' | 'stdout'>> {
  const command = [process.execPath, binary, ...args]
    .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    .join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(
      'script',
      ['--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null'],
      {
        cwd: box.folder,
        env: {
          PATH: process.env.PATH ?? '',
          HOME: box.home,
          LANG: 'C.UTF-8',
          TERM: 'xterm-256color',
          ...env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let from = 0;
    const waiting = [...replies];
    const missing = () => `expected ${JSON.stringify(waiting[0]?.when)}, shown was:\n${stdout}`;
    const giveUp = setTimeout(() => {
      child.kill();
      reject(new Error(waiting.length > 0 ? missing() : `did not end, shown was:\n${stdout}`));
    }, patience);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      for (let next = waiting[0]; next; next = waiting[0]) {
        const at = stdout.indexOf(next.when, from);
        if (at < 0) return;
        from = at + next.when.length;
        waiting.shift();
        giveUp.refresh();
        child.stdin.write(next.type);
      }
    });
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(giveUp);
      if (waiting.length > 0) reject(new Error(missing()));
      else resolve({ code, stdout });
    });
  });
}
