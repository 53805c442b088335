// Ours: plan, apply, and wait on the whole set.
import { applyPlan, ClusterTarget, observeFor, planPins } from '@holdfast/pinning';
import { Requests, readWork, report } from './submit-and-wait-work.ts';

const work = await readWork();
const { endpoint, cids, copies } = work;
const requests = new Requests();
const owner = 'example.org/bench';
const target = new ClusterTarget({ endpoints: [endpoint] });
const wanted = cids.map((cid) => ({
  cid,
  id: cid,
  owner,
  name: cid,
  copies: { min: copies, max: copies, regions: 0, spread: 'where-tagged' as const },
}));
const observed = await observeFor(wanted, target, { owner });
const plan = planPins(wanted, observed, { owner, info: await target.inspect(), at: new Date() });
const applied = await applyPlan(plan, target, {
  deadlineMs: 300_000,
  onProgress: ({ type }) => {
    if (type === 'step-submitted') requests.submitted();
  },
});
target.close();
await report('holdfast', work, requests.done(applied.satisfied));
