// node apply-pins.mjs WORKFILE: plan and apply the pins of a work file on a real cluster, and say how long that took.
import { readFileSync } from 'node:fs';
import { applyPlan, ClusterTarget, observeFor, planPins } from '@holdfast/pinning';

const { endpoint, cids, copies: min } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const owner = 'example.org/bench';
const copies = { min, max: min, regions: 0, spread: 'where-tagged' };
const target = new ClusterTarget({ endpoints: [endpoint] });
const started = performance.now();
const wanted = cids.map((cid) => ({ cid, id: cid, owner, name: cid, copies }));
const observed = await observeFor(wanted, target, { owner });
const plan = planPins(wanted, observed, { owner, info: await target.inspect(), at: new Date() });
const { satisfied, results } = await applyPlan(plan, target, { deadlineMs: 600_000 });
const seconds = (performance.now() - started) / 1000;
target.close();
if (satisfied !== cids.length) {
  const reason = results.find(({ outcome }) => outcome !== 'satisfied')?.reason;
  throw new Error(`expected ${cids.length} satisfied pins, got ${satisfied}: ${reason}`);
}
console.log(JSON.stringify({ seconds }));
