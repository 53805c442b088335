// The least a script could do: the same writes, as many at once.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rawCid } from '@holdfast/manifest/internal';

const [count, work = ''] = process.argv.slice(2);
const urls = JSON.parse(readFileSync(work, 'utf8'));
const seed = randomBytes(16);
const cids = Array.from({ length: Number(count) }, (_, index) =>
  rawCid(createHash('sha256').update(seed).update(String(index)).digest()),
);
let submitted = 0;
const worker = async () => {
  for (let cid = cids.pop(); cid !== undefined; cid = cids.pop()) {
    const query = `name=${cid}&replication-min=1&replication-max=1&meta-owner=example.org%2Fbench`;
    await Promise.all(
      urls.map(async (url) => {
        const answer = await fetch(`${url}/pins/${cid}?${query}`, { method: 'POST' });
        if (!answer.ok) throw new Error(`${cid} was answered ${answer.status}`);
        await answer.arrayBuffer();
      }),
    );
    submitted += 1;
  }
};
const began = performance.now();
await Promise.all(Array.from({ length: 16 }, worker));
console.log(JSON.stringify({ submitted, seconds: (performance.now() - began) / 1000 }));
