// Runs as a process of its own, one for each run of engines, outside the owner's process group. Its standard input is a
// pipe from the owner: however the owner ends, the pipe closes, and what the owner has started is ended as well.
import { isAlive, killProcess } from './process-identity.ts';
import { readOwner, sweepRun } from './run-sweep.ts';

const folder = process.argv[2];
if (!folder) throw new Error('watchdog: expected the folder of a run as the only argument');

async function end(): Promise<never> {
  await sweepRun(folder as string);
  process.exit(0);
}

process.stdin.on('end', end).on('error', end).resume();

const { owner, lifelines } = readOwner(folder) ?? {};
if (owner && lifelines?.length) {
  setInterval(() => {
    const lost = lifelines.findLastIndex((it) => !isAlive(it));
    if (lost < 0) return;
    // "npm test" was killed and what it had started was not: that ends as well, as its user wanted.
    for (const orphan of [...lifelines.slice(0, lost), owner]) killProcess(orphan, 'SIGTERM');
    void end();
  }, 500);
}
