import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rawCid } from '@holdfast/manifest/internal';
import { applyPlan, ClusterTarget, observeFor, planPins, TargetGroup } from '@holdfast/pinning';

const [count, work = ''] = process.argv.slice(2);
const urls = JSON.parse(readFileSync(work, 'utf8'));
const spread = /** @type {const} */ ('where-tagged');
const copies = { min: urls.length, max: urls.length, regions: 0, spread };
const owner = 'example.org/bench';
const seed = randomBytes(16);
const requests = Array.from({ length: Number(count) }, (_, index) => {
  const cid = rawCid(createHash('sha256').update(seed).update(String(index)).digest());
  return { cid, id: `set-${index}@1.0.0`, owner, name: `set ${index}`, copies };
});
const members = urls.map((url, index) => ({
  name: `t${index}`,
  target: new ClusterTarget({ endpoints: [url] }),
}));
const target = new TargetGroup({ members });
const observed = await observeFor(requests, target, { owner });
const plan = planPins(requests, observed, { owner, info: await target.inspect(), at: new Date() });
// Nobody has the content: what is measured is asking for it. The look and the plan before it are in the whole time alone.
const planned = performance.now();
let submitted = 0;
let submittedAt = planned;
await applyPlan(plan, target, {
  wait: 'none',
  onProgress: (event) => {
    if (event.type !== 'step-submitted') return;
    submitted += 1;
    submittedAt = performance.now();
  },
});
if (submitted !== requests.length) throw new Error(`${submitted} of ${requests.length} were submitted`);
console.log(JSON.stringify({ submitted, seconds: (submittedAt - planned) / 1000 }));
target.close();
