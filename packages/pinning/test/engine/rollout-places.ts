import type { RolloutOptions } from '../../src/rollout/rollout-options.ts';
import type { PinTarget } from '../../src/target/target.ts';
import { ClusterTarget } from '../../src/targets/cluster/cluster-target.ts';
import { TargetGroup } from '../../src/targets/group/target-group.ts';
import { KuboTarget } from '../../src/targets/kubo/kubo-target.ts';
import { PinningServiceTarget } from '../../src/targets/pinning-service/pinning-service-target.ts';

/** Addresses of real engines. */
export interface Places {
  readonly eu: readonly string[];
  readonly us: readonly string[];
  readonly ap: readonly string[];
  readonly paid: { readonly endpoint: string; readonly token: string };
}

export const owner = 'github.com/example/data';

/** Two clusters, three nodes and a service, as one. */
export function placesGroup(
  { eu, us, ap, paid }: Places,
  wrapped: (target: PinTarget) => PinTarget = (target) => target,
): TargetGroup {
  const timeouts = { idleMs: 3_000 };
  return new TargetGroup({
    members: [
      { name: 'eu', target: wrapped(new ClusterTarget({ endpoints: eu, ...timeouts })), region: 'eu' },
      { name: 'us', target: wrapped(new ClusterTarget({ endpoints: us, ...timeouts })), region: 'us' },
      ...ap.map((api, index) => ({
        name: `ap-${index}`,
        target: wrapped(new KuboTarget({ endpoints: [api], callTimeoutMs: 3_000 })),
        region: 'ap',
      })),
      { name: 'paid', target: wrapped(new PinningServiceTarget(paid)), region: 'sa' },
    ],
    quorums: { ap: 2 },
  });
}

/** Four phases, of which one may find that its copies are not served. */
export function rolloutOptions(failing?: string): RolloutOptions {
  return {
    owner,
    deadlineMs: 90_000,
    phases: ['eu', 'ap', 'us', 'sa'].map((name) => ({ name, places: [name] })),
    verify: async ({ name }, cids) =>
      new Map(cids.map((cid) => [cid, [{ check: 'gateways', ok: name !== failing, text: 'not served' }]])),
  };
}
