// Run as a process of its own by tests that kill it: starts what its argument says, tells what it started, and waits.
import { startCluster } from '../src/index.ts';
import { Run } from '../src/processes/run.ts';

async function startSleepers() {
  const run = await Run.open();
  const start = (name: string) => run.start({ name, binary: 'sleep', args: ['600'], env: {} });
  // A grandchild as well, which no record names.
  const shell = run.start({ name: 'shell', binary: 'sh', args: ['-c', 'sleep 600; true'], env: {} });
  return { folder: run.folder, started: [start('first'), start('second'), shell].map((it) => it.identity) };
}

async function startPeers() {
  const { peers } = await startCluster({ peers: 2 });
  return { folder: '', started: peers.flatMap((peer) => [peer.identity, peer.kubo.identity]) };
}

const told = await (process.argv[2] === 'cluster' ? startPeers() : startSleepers());
process.stdout.write(`${JSON.stringify(told)}\n`);
setInterval(() => undefined, 60_000);
