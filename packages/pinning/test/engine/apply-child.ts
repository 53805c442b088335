// Applies a plan in a process of its own, to be killed in the middle: `apply-child.ts JSON`.
import { applyPlan } from '../../src/apply/apply.ts';
import type { PinRequest } from '../../src/desired/request.ts';
import { planNow, targetOfUrls } from './setting.ts';

const { urls, requests } = JSON.parse(process.argv[2] ?? '') as { urls: string[]; requests: PinRequest[] };
const target = targetOfUrls(urls);
const plan = await planNow(target, requests);
// One step at a time, and a word after each, so that the other side knows where it is.
await applyPlan(plan, target, {
  concurrency: 1,
  onProgress: (event) => {
    if (event.type === 'step-submitted') process.stdout.write(`${event.cid}\n`);
  },
});
process.stdout.write('done\n');
