// The least a script could do: fetch, several at once, and poll each CID until it is there.
import { setTimeout as sleep } from 'node:timers/promises';
import { pinnedIn, pollMs, Requests, readWork, report } from './submit-and-wait-work.ts';

const width = 16;
const work = await readWork();
const { endpoint, cids, copies } = work;
const requests = new Requests();

async function eachOf(work: (cid: string) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let cid = cids[next++]; cid !== undefined; cid = cids[next++]) await work(cid);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

await eachOf(async (cid) => {
  const query = `name=${cid}&replication-min=${copies}&replication-max=${copies}`;
  const answer = await fetch(`${endpoint}/pins/${cid}?${query}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${cid} was answered ${answer.status}`);
  await answer.arrayBuffer();
});
requests.submitted();
let satisfied = 0;
await eachOf(async (cid) => {
  for (;;) {
    const answer = await fetch(`${endpoint}/pins/${cid}`);
    if (pinnedIn((await answer.json()) as Parameters<typeof pinnedIn>[0]) >= copies) break;
    await sleep(pollMs);
  }
  satisfied += 1;
});
await report('fetch', work, requests.done(satisfied));
