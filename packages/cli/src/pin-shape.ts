import type { CidResult, CidStatus, PeerExplanation, Step, TargetPeer } from '@holdfast/pinning';

// What the `--json` documents promise, member by member: every one is there each time, null where there is nothing to say.

export function stepShape({ kind, cid, ids, name, reason, wanted, had, adds, bytes, shortage }: Step) {
  const { copies, allocated, min = null, max = null } = had;
  return {
    kind,
    cid,
    ids,
    name,
    reason,
    wanted: wanted ?? null,
    had: { copies, allocated, min, max },
    adds,
    bytes,
    shortage: shortage ?? null,
  };
}

export function resultShape({ cid, ids, name, step, outcome, reason, verdict, error, elapsedMs }: CidResult) {
  return {
    cid,
    ids,
    name,
    step,
    outcome,
    reason,
    copies: verdict?.copies ?? null,
    wanted: verdict?.wanted ?? null,
    regions: verdict?.regions ?? [],
    peers: (verdict?.peers ?? []).map(copyShape),
    error: error ?? null,
    elapsedMs,
  };
}

export function statusShape({
  cid,
  name,
  health,
  pinned,
  copies,
  wanted,
  regions,
  missing,
  peers,
  expires,
  references,
}: CidStatus) {
  return {
    cid,
    name,
    health,
    pinned,
    copies,
    wanted,
    regions,
    missing,
    expires: expires ?? null,
    owners: references.map(({ owner, id }) => ({ owner, id })),
    peers: peers.map(copyShape),
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
