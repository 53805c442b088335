import type { NamedTarget } from './named-targets.ts';

export type TargetKind = 'cluster' | 'kubo' | 'local' | 'pinning-service';

/** How a person names a target of one kind. */
export interface TargetNames {
  readonly flag: string;
  readonly variable: string;
  /** The variable of its credentials. */
  readonly secret?: string;
  /** What to say where the address answers like something else. */
  readonly otherServer?: string;
}

export const targetNames: Readonly<Record<TargetKind, TargetNames>> = {
  cluster: {
    flag: 'cluster-url',
    variable: 'CLUSTER_URL',
    secret: 'CLUSTER_AUTH',
    otherServer:
      'this is probably not the REST API of an IPFS Cluster, which usually listens on port 9094, for example http://127.0.0.1:9094; see --cluster-url or CLUSTER_URL',
  },
  kubo: {
    flag: 'kubo-url',
    variable: 'KUBO_URL',
    secret: 'KUBO_AUTH',
    otherServer:
      'this is probably not the RPC API of Kubo, which usually listens on port 5001, for example http://127.0.0.1:5001; see --kubo-url or KUBO_URL',
  },
  'pinning-service': {
    flag: 'pinning-service',
    variable: 'PINNING_SERVICE',
    secret: 'PINNING_SERVICE_TOKEN',
    otherServer:
      'this is probably not a Pinning Service API; the address in the documentation of the service may have a path, and ends before /pins; see --pinning-service or PINNING_SERVICE',
  },
  local: { flag: 'local', variable: 'HOLDFAST_LOCAL' },
};

/** Where to keep copies, as far as it is known without talking to it. */
export interface ChosenTarget {
  readonly kind: TargetKind;
  /** Addresses, or one folder. */
  readonly places: readonly string[];
  /** Where it stands, if a targets file gives it a name. */
  readonly named?: NamedTarget;
}

/** The targets that a command works on: one, or several as a group. */
export interface Choice {
  readonly targets: readonly ChosenTarget[];
  /** Of the regions that these targets are in. */
  readonly quorums: Readonly<Record<string, number>>;
}

/** The target of a choice of one; undefined where there are several, or none. */
export function onlyTarget({ targets }: Choice): ChosenTarget | undefined {
  return targets.length === 1 ? targets[0] : undefined;
}
