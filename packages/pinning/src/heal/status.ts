import { type Clock, retry, systemClock } from '@holdfast/http';
import type { Copies, PinRequest } from '../desired/request.ts';
import { type Coverage, coverageOf } from '../observed/coverage.ts';
import { emitter, type OnProgress } from '../progress/event.ts';
import { type Claim, readClaims } from '../target/claim-metadata.ts';
import type { PinState } from '../target/pin-state.ts';
import type { PinTarget, TargetInfo, TargetPeer } from '../target/target.ts';
import { type Availability, assumedPeerAvailability, availabilityOf } from './availability.ts';

/** As many copies as wanted; fewer; none. */
export type Health = 'healthy' | 'degraded' | 'unhealthy';

export interface CidStatus extends Omit<Coverage, 'outcome'> {
  readonly cid: string;
  readonly name: string;
  readonly health: Health;
  /** Whether the target was asked to keep it at all. */
  readonly pinned: boolean;
  /** Who wants it, where Holdfast pinned it. */
  readonly claims: readonly Claim[];
  readonly expires?: string;
  readonly availability: Availability;
}

export interface StatusReport {
  readonly healthy: number;
  readonly degraded: number;
  readonly unhealthy: number;
  /** Over all CIDs. */
  readonly copies: number;
  readonly items: readonly CidStatus[];
  readonly peers: readonly TargetPeer[];
  readonly at: string;
}

export interface StatusOptions {
  readonly signal?: AbortSignal | undefined;
  /** Look at these only. Default: what the requests want; without requests, all that the target keeps. */
  readonly cids?: readonly string[] | undefined;
  /** Judge by what these want; what no request wants is judged by what its pin asks for. */
  readonly requests?: readonly PinRequest[] | undefined;
  /** Of one peer, from 0 to 1, for the arithmetic. */
  readonly peerAvailability?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * How each CID is: what is wanted, which copies exist, where, and what is missing.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, pinStatus } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: copiesFor('ephemeral') }];
 * const { unhealthy, items } = await pinStatus(target, { requests });
 * console.log(unhealthy, items[0]?.missing); // prints: 1 0 of 1 copies (nobody was asked to hold it)
 * ```
 */
export async function pinStatus(target: PinTarget, options: StatusOptions = {}): Promise<StatusReport> {
  const clock = options.clock ?? systemClock;
  const emit = emitter(target.label, clock.now, options.onProgress);
  const ports = {
    clock,
    random: options.random ?? Math.random,
    ...(options.signal && { signal: options.signal }),
  };
  const info = await retry(() => target.inspect(options.signal ? { signal: options.signal } : {}), ports);
  const items: CidStatus[] = [];
  for await (const item of eachStatus(target, info, options)) items.push(item);
  const count = (health: Health) => items.filter((item) => item.health === health).length;
  const totals = {
    healthy: count('healthy'),
    degraded: count('degraded'),
    unhealthy: count('unhealthy'),
    copies: items.reduce((sum, item) => sum + item.copies, 0),
  };
  emit({ type: 'status', ...totals });
  return { ...totals, items, peers: info.peers, at: new Date(clock.now()).toISOString() };
}

/**
 * The same, one at a time: a pinset of any size in constant memory.
 *
 * @example
 * ```ts
 * import { eachStatus, LocalTarget } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * for await (const { cid, health } of eachStatus(target, await target.inspect())) console.log(cid, health);
 * console.log('nothing is kept yet'); // prints: nothing is kept yet
 * ```
 */
export async function* eachStatus(
  target: PinTarget,
  info: TargetInfo,
  { cids, requests, signal, clock = systemClock, peerAvailability }: StatusOptions = {},
): AsyncGenerator<CidStatus> {
  const wanted = new Map<string, PinRequest[]>();
  for (const request of requests ?? [])
    wanted.set(request.cid, [...(wanted.get(request.cid) ?? []), request]);
  const named = cids ?? (requests && [...wanted.keys()]);
  if (named !== undefined && named.length === 0) return;
  for await (const state of target.observe(named, signal ? { signal } : {})) {
    yield statusOf(state, wanted.get(state.cid) ?? [], info, clock.now(), peerAvailability);
  }
}

function statusOf(
  state: PinState,
  requests: readonly PinRequest[],
  info: TargetInfo,
  now: number,
  peerAvailability: number = assumedPeerAvailability,
): CidStatus {
  const { pin, cid } = state;
  const { outcome, ...coverage } = coverageOf(state, wantedOf(state, requests, info, now), info, now);
  return {
    cid,
    name: requests[0]?.name ?? pin?.name ?? '',
    health: outcome === 'satisfied' ? 'healthy' : outcome === 'degraded' ? 'degraded' : 'unhealthy',
    pinned: pin !== undefined,
    claims: pin === undefined ? [] : readClaims(pin),
    ...(pin?.expires !== undefined && { expires: pin.expires }),
    ...coverage,
    availability: availabilityOf(coverage.copies, peerAvailability),
  };
}

function wantedOf({ pin }: PinState, asked: readonly PinRequest[], info: TargetInfo, now: number): Copies {
  // What has ended is wanted no more; that it is gone is no shortage.
  const requests = asked.filter(({ expires }) => expires === undefined || Date.parse(expires) > now);
  if (asked.length > 0 && requests.length === 0)
    return { min: 0, max: 0, regions: 0, spread: 'where-tagged' };
  if (requests.length > 0) {
    const highest = (key: 'min' | 'max' | 'regions') =>
      Math.max(...requests.map(({ copies }) => copies[key]));
    const always = requests.some(({ copies }) => copies.spread === 'always');
    const spread = always ? 'always' : 'where-tagged';
    return { min: highest('min'), max: highest('max'), regions: highest('regions'), spread };
  }
  const everywhere = pin?.max === -1;
  const regions = pin === undefined ? 0 : Math.max(0, ...readClaims(pin).map((claim) => claim.regions));
  const all = Math.max(1, info.peers.length);
  return {
    min: everywhere ? all : Math.max(1, pin?.min ?? 1),
    max: everywhere ? all : Math.max(1, pin?.max ?? 1),
    regions,
    spread: 'where-tagged',
  };
}
