// @nftstorage/ipfs-cluster as its README shows it: pin in a loop, then ask for each status until it is there.
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '@nftstorage/ipfs-cluster';
import { pollMs, Requests, readWork, report } from './submit-and-wait-work.ts';

const work = await readWork();
const { endpoint, cids, copies } = work;
const requests = new Requests();
const cluster = new Cluster(endpoint);
for (const cid of cids) {
  await cluster.pin(cid, { name: cid, replicationFactorMin: copies, replicationFactorMax: copies });
}
requests.submitted();
let satisfied = 0;
for (const cid of cids) {
  for (;;) {
    const { peerMap } = await cluster.status(cid);
    if (Object.values(peerMap).filter((peer) => peer.status === 'pinned').length >= copies) break;
    await sleep(pollMs);
  }
  satisfied += 1;
}
await report('nftstorage', work, requests.done(satisfied));
