import type { CidResult, CidStatus, PeerExplanation, Step } from '@holdfast/pinning';
import type { TargetPeer } from '@holdfast/pinning/target';
import { pick } from '../frame/pick.ts';

// The members that `--json` documents promise. Each is always present, and null if it has no value.

export function stepShape(step: Step) {
  const { copies, allocated, min = null, max = null } = step.had;
  return {
    ...pick(step, ['kind', 'cid', 'ids', 'name', 'reason', 'adds', 'bytes']),
    wanted: step.wanted ?? null,
    missing: step.missing ?? null,
    had: { copies, allocated, min, max },
    shortage: step.shortage ?? null,
  };
}

export function resultShape(result: CidResult) {
  const { coverage, error } = result;
  return {
    ...pick(result, ['cid', 'ids', 'name', 'step', 'outcome', 'reason', 'elapsedMs']),
    copies: coverage?.copies ?? null,
    wanted: coverage?.wanted ?? null,
    regions: coverage?.regions ?? [],
    peers: (coverage?.peers ?? []).map(copyShape),
    error: error ?? null,
  };
}

/** Named, since declarations cannot spell what is inferred from another package. */
type StatusShape = Pick<
  CidStatus,
  'cid' | 'name' | 'health' | 'pinned' | 'copies' | 'wanted' | 'regions' | 'missing'
> & {
  readonly expires: string | null;
  readonly owners: readonly Pick<CidStatus['claims'][number], 'owner' | 'id'>[];
  readonly peers: readonly ReturnType<typeof copyShape>[];
};

export function statusShape(status: CidStatus): StatusShape {
  return {
    ...pick(status, ['cid', 'name', 'health', 'pinned', 'copies', 'wanted', 'regions', 'missing']),
    expires: status.expires ?? null,
    owners: status.claims.map((claim) => pick(claim, ['owner', 'id'])),
    peers: status.peers.map(copyShape),
  };
}

export function peerShape({ id, name, region, up, freeSpace, error }: TargetPeer) {
  return {
    id,
    name: name ?? null,
    region: region ?? null,
    up,
    freeSpace: freeSpace ?? null,
    error: error ?? null,
  };
}

function copyShape({ peer, name, region, state, why }: PeerExplanation) {
  return { peer, name: name ?? null, region: region ?? null, state, why };
}
