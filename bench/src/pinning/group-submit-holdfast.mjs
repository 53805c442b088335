import { applyPlan, observeFor, planPins } from '@holdfast/pinning';
import { count, owner, requests, target } from './group-submit-set.mjs';

const all = [...requests()];
const observed = await observeFor(all, target, { owner });
const plan = planPins(all, observed, { owner, info: await target.inspect(), at: new Date() });
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
if (submitted !== count) throw new Error(`${submitted} of ${count} were submitted`);
console.log(JSON.stringify({ submitted, seconds: (submittedAt - planned) / 1000 }));
target.close();
