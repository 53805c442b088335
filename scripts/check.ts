// `npm run check [name …]`: everything CI checks beside the tests, each by its own name.
import { spawn } from 'node:child_process';
import { type Check, checks } from './check/checks.ts';
import { namesOf } from './names.ts';

const wanted = namesOf(process.argv.slice(2), {
  command: 'npm run check',
  about: 'Runs what CI checks beside the tests, or the checks that are named.',
  names: checks.map(({ name, says }) => ({ name, about: says })),
});

function run([command = '', ...args]: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** The first command that fails ends the check; its output is what a person needs. */
async function verdict(check: Check): Promise<{ ok: boolean; output: string }> {
  try {
    for (const command of await check.commands()) {
      const result = await run(command);
      if (!result.ok) return { ok: false, output: `$ ${command.join(' ')}\n${result.output}` };
    }
    return { ok: true, output: '' };
  } catch (error) {
    return { ok: false, output: `${(error as Error).message}\n` };
  }
}

let passed = 0;
let failed = 0;
for (const check of checks) {
  if (wanted.length > 0 && !wanted.includes(check.name)) continue;
  const started = performance.now();
  const { ok, output } = await verdict(check);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? '✓' : '✗'} ${check.name}: ${check.says} (${seconds} s)`);
  if (!ok) console.log(`${output.replace(/^/gm, '    ')}\n    ${check.fix}`);
  if (ok) passed += 1;
  else failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
