// Every address that comes in, fetched with @helia/verified-fetch over gateways alone: no libp2p, so nobody else is asked.
// Lines of JSON in: { paths, atOnce }. Lines of JSON out: { seconds, bytes }.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder, ...gateways] = process.argv.slice(2);
const from = createRequire(`${folder}/package.json`);
const load = (name) => import(pathToFileURL(from.resolve(name)).href);
const [{ createHeliaLight }, { withHTTP }, { createVerifiedFetchWithHelia }] = await Promise.all([
  load('helia'),
  load('@helia/http'),
  load('@helia/verified-fetch'),
]);
const options = { recursiveGateways: gateways, delegatedRouters: [], allowInsecure: true, allowLocal: true };

for await (const line of createInterface({ input: process.stdin })) {
  const { paths, atOnce } = JSON.parse(line);
  // A new node each time: its store keeps what it fetched.
  const light = createHeliaLight();
  // Without any router that is not a last resort it waits for ever.
  light.addRouter({ name: 'nobody', async *findProviders() {} });
  const helia = await withHTTP(light, options).start();
  const verifiedFetch = await createVerifiedFetchWithHelia(helia);
  const started = performance.now();
  let [next, bytes] = [0, 0];
  const worker = async () => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const answer = await verifiedFetch(`ipfs://${path}`);
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
      const { byteLength } = await answer.arrayBuffer();
      bytes += byteLength;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, bytes }));
  await verifiedFetch.stop();
}
