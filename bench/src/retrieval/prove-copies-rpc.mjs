import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { CID } from 'multiformats/cid';

// What a script would do that has the RPC of each node: the same blocks, by `block/get`, hashed.
const { nodes, reads } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
let blocks = 0;
let bytes = 0;
await Promise.all(nodes.map(({ api }, index) => readAll(api, reads[index])));
console.log(JSON.stringify({ blocks, bytes }));

async function readAll(api, cids) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let next = 0;
  const worker = async () => {
    while (next < cids.length) {
      const cid = cids[next++];
      const body = await post(`${api}/api/v0/block/get?arg=${cid}&offline=true`, agent);
      const hash = createHash('sha256').update(body).digest();
      if (!hash.equals(CID.parse(cid).multihash.digest)) throw new Error(`${cid}: other bytes`);
      blocks += 1;
      bytes += body.length;
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  agent.destroy();
}

function post(url, agent) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(Buffer.concat(parts))
          : reject(new Error(`${url} was answered ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
