import { type ProcessFacts, type ProcessIdentity, processFacts } from './process-identity.ts';

/** npm, its shell, the test runner, a worker, and one to spare. Further up, npm is somebody else's. */
const mostLevels = 5;

/**
 * When an npm script started this process: its ancestors up to that npm, none of which outlives the others for long unless
 * somebody killed one. Throws when npm is gone already: what goes on here is the rest of a killed run.
 */
export function lifelines(env: NodeJS.ProcessEnv = process.env): ProcessIdentity[] {
  if (!env.npm_lifecycle_event) return [];
  const ancestors = ancestorsOf(process.ppid);
  const npm = ancestors.findIndex((it) => /^npm |\bnpm-cli\.js\b|\bnpx-cli\.js\b/.test(`${it.command} `));
  if (npm >= mostLevels) return [];
  if (npm >= 0) return ancestors.slice(0, npm + 1).map(({ pid, startTime }) => ({ pid, startTime }));
  if (isOrphaned(ancestors, env.npm_lifecycle_script)) {
    throw new Error('the npm that started this run was killed: nothing more is started for it');
  }
  return [];
}

/** npm's own shell without npm above it, or a test runner whose shell went with npm and which init has adopted. */
function isOrphaned(ancestors: readonly ProcessFacts[], script: string | undefined): boolean {
  const shell = ancestors.find(
    (it) => /^\S*sh -c /.test(it.command) && script && it.command.includes(script),
  );
  return shell !== undefined || ancestors.slice(0, 2).some((it) => it.pid === 1);
}

function ancestorsOf(parent: number): ProcessFacts[] {
  const ancestors: ProcessFacts[] = [];
  for (let pid = parent; pid > 0; ) {
    const facts = processFacts(pid);
    if (!facts) break;
    ancestors.push(facts);
    pid = facts.parent;
  }
  return ancestors;
}
