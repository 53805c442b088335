import type { TestCluster } from '@holdfast/testkit';

export interface ClusterPin {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly allocations: number;
  /** Peers that report it pinned. */
  readonly copies: number;
  readonly owner?: string;
}

interface Allocation {
  readonly cid: string;
  readonly name: string;
  readonly replication_factor_min: number;
  readonly replication_factor_max: number;
  readonly allocations: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
}

interface Status {
  readonly cid: string;
  readonly peer_map: Readonly<Record<string, { readonly status: string }>>;
}

/** What a cluster keeps, by its own account and none of the code under test. */
export async function pinsOf(cluster: TestCluster): Promise<Record<string, ClusterPin>> {
  const allocations = (await lines(cluster, '/allocations?filter=pin')) as Allocation[];
  const statuses = new Map(
    ((await lines(cluster, '/pins')) as Status[]).map((status) => [status.cid, status]),
  );
  return Object.fromEntries(
    allocations.map((pin) => {
      const peers = Object.values(statuses.get(pin.cid)?.peer_map ?? {});
      const owner = pin.metadata?.['holdfast-repo'];
      return [
        pin.cid,
        {
          name: pin.name,
          min: pin.replication_factor_min,
          max: pin.replication_factor_max,
          allocations: pin.allocations.length,
          copies: peers.filter(({ status }) => status === 'pinned').length,
          ...(owner !== undefined && { owner }),
        },
      ];
    }),
  );
}

async function lines(cluster: TestCluster, path: string): Promise<unknown[]> {
  const peer = cluster.peers.find(({ running }) => running);
  if (peer === undefined) throw new Error('no peer is running');
  const text = await (await peer.request(path)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}
