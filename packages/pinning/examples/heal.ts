// A scheduled run against a cluster: repair, then metrics and a status page's worth of facts.
import { ClusterTarget, copiesFor, heal, PinningMetrics, pinStatus } from '@holdfast/pinning';

const { CLUSTER_URLS = 'http://127.0.0.1:9094', CLUSTER_TOKEN, CIDS = '' } = process.env;
const target = new ClusterTarget({
  endpoints: CLUSTER_URLS.split(','),
  ...(CLUSTER_TOKEN !== undefined && { auth: { bearer: CLUSTER_TOKEN } }),
});
const owner = 'github.com/example/data';
const desired = CIDS.split(',').map((cid) => ({
  cid,
  id: `${cid}@1.0.0`,
  owner,
  name: cid,
  copies: copiesFor('standard'),
}));

const metrics = new PinningMetrics();
const { items } = await heal(desired, target, { owner, deadlineMs: 60_000, onProgress: metrics.observe });
for (const { did, outcome, after } of items) {
  console.log(
    `${did} ${outcome}: ${after.copies} copies, reachable ${(after.available * 100).toFixed(3)} % of the time`,
  );
}
const status = await pinStatus(target, { requests: desired, onProgress: metrics.observe });
console.log(`${status.healthy} healthy, ${status.degraded} degraded, ${status.unhealthy} unhealthy`);
console.log(metrics.render());
target.close();
