import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rawCid } from '@holdfast/manifest/internal';
import { ClusterTarget, eachPinned, TargetGroup } from '@holdfast/pinning';
import { keepHeapSmall } from '@holdfast/retrieval/proof';

keepHeapSmall();
const [count, work = ''] = process.argv.slice(2);
const urls = JSON.parse(readFileSync(work, 'utf8'));
const spread = /** @type {const} */ ('where-tagged');
const copies = { min: urls.length, max: urls.length, regions: 0, spread };
const owner = 'example.org/bench';
const seed = randomBytes(16);
function* requests() {
  for (let index = 0; index < Number(count); index += 1) {
    const cid = rawCid(createHash('sha256').update(seed).update(String(index)).digest());
    yield { cid, id: `set-${index}@1.0.0`, owner, name: `set ${index}`, copies };
  }
}
const members = urls.map((url, index) => ({
  name: `t${index}`,
  target: new ClusterTarget({ endpoints: [url] }),
}));
const target = new TargetGroup({ members });
const began = performance.now();
let submitted = 0;
const onProgress = (event) => {
  if (event.type === 'step-submitted') submitted += 1;
};
const options = { owner, wait: /** @type {const} */ ('none'), onProgress };
let reported = 0;
for await (const { results } of eachPinned({ [Symbol.iterator]: requests }, target, options))
  reported += results.length;
if (reported !== Number(count)) throw new Error(`${reported} of ${count} were reported`);
if (submitted !== Number(count)) throw new Error(`${submitted} of ${count} were submitted`);
console.log(JSON.stringify({ submitted, seconds: (performance.now() - began) / 1000 }));
target.close();
