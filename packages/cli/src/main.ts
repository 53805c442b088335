#!/usr/bin/env node
import process from 'node:process';

// Nothing else is loaded before the check: an older Node fails at what it does not know, with a stack.
const least = [22, 18] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < least[0] || (major === least[0] && minor < least[1])) {
  process.stderr.write(
    `holdfast: this is Node ${process.versions.node}, expected ${least.join('.')} or newer\n  help: install a newer one from https://nodejs.org, or with the version manager you use\n`,
  );
  process.exitCode = 3;
} else {
  const [{ runProcess }, { dispatch }] = await Promise.all([
    import('./frame/process-run.ts'),
    import('./command-line.ts'),
  ]);
  await runProcess(dispatch);
}
