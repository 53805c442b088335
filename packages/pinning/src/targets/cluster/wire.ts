import { integer, labels, object, text, texts } from '@holdfast/http';
import type { ExistingPin, PeerCopy, PinState } from '../../target/pin-state.ts';
import { peerState } from './tracker-status.ts';

/** What the pinset says of a CID and the status does not. */
export interface PinTerms {
  readonly min: number;
  readonly max: number;
  readonly expires?: string;
}

/** A line of `/allocations`: what is wanted. */
export function pinFrom(value: unknown): { cid: string; pin: ExistingPin } | undefined {
  const line = object(value);
  const cid = text(line?.cid);
  // Parts of sharded content are in the pinset too; they are not anybody's wish.
  if (!line || cid === undefined || (line.type !== undefined && line.type !== 'pin')) return undefined;
  const expires = expiry(line.expire_at);
  const pin: ExistingPin = {
    name: text(line.name) ?? '',
    min: integer(line.replication_factor_min) ?? 0,
    max: integer(line.replication_factor_max) ?? 0,
    ...(expires === undefined ? {} : { expires }),
    origins: texts(line.origins),
    metadata: labels(line.metadata),
    allocations: texts(line.allocations),
  };
  return { cid, pin };
}

export interface ClusterStatus {
  readonly cid: string;
  readonly name: string;
  readonly origins: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly allocations: readonly string[];
  readonly peers: readonly PeerCopy[];
}

/** A line of `/pins`: what is so. */
export function statusFrom(value: unknown, regions: ReadonlyMap<string, string>): ClusterStatus | undefined {
  const line = object(value);
  const cid = text(line?.cid);
  if (!line || cid === undefined) return undefined;
  return {
    cid,
    name: text(line.name) ?? '',
    origins: texts(line.origins),
    metadata: labels(line.metadata),
    allocations: texts(line.allocations),
    peers: Object.entries(object(line.peer_map) ?? {}).map(([peer, info]) => copyFrom(peer, info, regions)),
  };
}

function copyFrom(peer: string, value: unknown, regions: ReadonlyMap<string, string>): PeerCopy {
  const info = object(value) ?? {};
  const raw = text(info.status) ?? 'undefined';
  const state = peerState(raw);
  const name = text(info.peername);
  const region = regions.get(peer);
  const error = text(info.error);
  const since = text(info.timestamp);
  const node = text(info.ipfs_peer_id);
  return {
    peer,
    ...(node ? { node } : {}),
    state,
    raw,
    ...(name === undefined ? {} : { name }),
    ...(region === undefined ? {} : { region }),
    ...(error === undefined ? {} : { error }),
    // Of a peer without the CID the engine says the time of the question.
    ...(since === undefined || state === 'absent' ? {} : { since }),
  };
}

/** The whole state of a CID that is in the pinset on these terms. */
export function stateFrom(status: ClusterStatus, terms: PinTerms): PinState {
  const { cid, name, origins, metadata, allocations, peers } = status;
  return { cid, pin: { name, ...terms, origins, metadata, allocations }, peers };
}

/** Go's zero time means never. */
function expiry(value: unknown): string | undefined {
  const time = text(value);
  return time === undefined || time.startsWith('0001-01-01T') || time.startsWith('1970-01-01T00:00:00Z')
    ? undefined
    : time;
}
