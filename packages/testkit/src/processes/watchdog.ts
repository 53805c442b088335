// Runs as a process of its own, one for each run of engines, outside the owner's process group. Its standard input is a
// pipe from the owner: however the owner ends, the pipe closes, and what the owner has started is ended as well.
import { isAlive, killProcess } from './process-identity.ts';
import { type RunOwner, sweepRun } from './run-sweep.ts';

const [, , folder, written] = process.argv;
if (!folder || !written) throw new Error('watchdog: expected the folder of a run and its owner');

async function end(): Promise<never> {
  await sweepRun(folder as string);
  process.exit(0);
}

process.stdin.on('end', end).on('error', end).resume();

// Not from the folder: another run may have swept that before this process had started.
const { owner, lifelines } = JSON.parse(written) as RunOwner;
if (lifelines.length > 0) {
  setInterval(() => {
    const lost = lifelines.findLastIndex((it) => !isAlive(it));
    if (lost < 0) return;
    // "npm test" was killed and what it had started was not: that ends as well, as its user wanted.
    for (const orphan of [...lifelines.slice(0, lost), owner]) killProcess(orphan, 'SIGTERM');
    void end();
  }, 500);
}
