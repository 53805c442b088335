// ipfs-cluster-ctl in a loop, as in a shell script: `pin add` for each, then `status` until it is there.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pinnedIn, pollMs, Requests, readWork, report } from './submit-and-wait-work.ts';

const run = promisify(execFile);
const work = await readWork();
const requests = new Requests();
const { endpoint, cids, copies, ctl } = work;
const { hostname, port } = new URL(endpoint);
const host = ['--host', `/ip4/${hostname}/tcp/${port}`, '--enc', 'json'];
for (const cid of cids) {
  requests.submissions += 1;
  await run(ctl, [...host, 'pin', 'add', '--no-status', '--name', cid, '--replication', String(copies), cid]);
}
requests.submitted();
let satisfied = 0;
for (const cid of cids) {
  for (;;) {
    requests.looks += 1;
    const { stdout } = await run(ctl, [...host, 'status', cid]);
    const status = JSON.parse(stdout) as Parameters<typeof pinnedIn>[0] | Parameters<typeof pinnedIn>[0][];
    if (pinnedIn(Array.isArray(status) ? (status[0] ?? {}) : status) >= copies) break;
    await sleep(pollMs);
  }
  satisfied += 1;
}
await report('ctl', work, requests.done(satisfied));
