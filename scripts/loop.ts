// `npm run loop -- PROJECT`: edit, and its unit tests answer. CONTRIBUTING.md has the rules.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { loopCommand } from './loop/command.ts';

const root = join(import.meta.dirname, '..');
const folders = globSync('{packages,actions}/*/vitest.config.ts', { cwd: root }).map(dirname).sort();
const [top = '', name = ''] = relative(root, process.env.INIT_CWD ?? root).split(sep);
const command = loopCommand(process.argv.slice(2), {
  projects: [...folders.map((folder) => basename(folder)), 'workspace', 'bench'],
  here: folders.includes(join(top, name)) ? name : { tests: 'workspace', bench: 'bench' }[top],
  interactive: process.stdout.isTTY === true,
});

if (command.kind === 'run') {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...command.args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, HOLDFAST_LOOP: '1' },
  });
  // Ctrl-C reaches the child by itself; it decides when to end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
} else if (command.kind === 'help') {
  console.log(command.text);
} else {
  console.error(command.text);
  process.exitCode = 2;
}
