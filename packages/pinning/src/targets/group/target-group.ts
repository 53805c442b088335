import { type Clock, Deadline, systemClock } from '@holdfast/http';
import { believedUntil } from '../../target/believed-look.ts';
import { withMark } from '../../target/group-mark.ts';
import type { PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type {
  CallOptions,
  LostBlocks,
  ObserveOptions,
  PinTarget,
  Quorums,
  RepairReport,
  TargetInfo,
  TargetPeer,
  WantedPin,
} from '../../target/target.ts';
import { cidKey, cidKeys } from '../cid-key.ts';
import { assertWantedPin } from '../wanted-pin.ts';
import { chosenCopies } from './copy-choice.ts';
import { isOwnPart, joinedState, nameOf, type Part } from './joined-state.ts';
import { type GroupMember, Member } from './member.ts';

export interface TargetGroupOptions {
  /** In the order in which a single copy is placed. */
  readonly members: readonly GroupMember[];
  /** How many members of a region must have a copy before the region counts. Default: one. */
  readonly quorums?: Quorums | undefined;
  readonly clock?: Clock | undefined;
}

const inspectMs = 15_000;
/** A look at what the members were made of is good for so long. */
const infoMs = 30_000;
/** Of so many CIDs it is remembered that nobody had them a moment ago: the write that comes of it does not ask again. */
const mostAbsent = 10_000;

/**
 * Several targets as one: copies and regions are counted over all of them. A member that fails is passed over, and named as the
 * reason why its copies are missed; others take the copies that it should have.
 *
 * @example
 * ```ts
 * import { copiesFor, LocalTarget, pin, TargetGroup } from '@holdfast/pinning';
 *
 * const north = new LocalTarget({ folder: 'copies/north' });
 * const south = new LocalTarget({ folder: 'copies/south' });
 * const target = new TargetGroup({
 *   members: [
 *     { name: 'north', target: north, region: 'oslo' },
 *     { name: 'south', target: south, region: 'lisbon' },
 *   ],
 * });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * for (const folder of [north, south]) await folder.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * const owner = 'github.com/example/data';
 * const requests = [{ cid, id: 'hello@1.0.0', owner, name: 'hello', copies: { ...copiesFor('standard'), regions: 2 } }];
 * const { results } = await pin(requests, target, { owner });
 * console.log(results[0]?.reason); // prints: 2 copies of at least 2 in lisbon, oslo
 * ```
 */
export class TargetGroup implements PinTarget {
  readonly label: string;
  readonly turns: number;
  readonly #members: readonly Member[];
  readonly #quorums: Quorums;
  readonly #clock: Clock;
  /** What each member was made of when it last answered. */
  readonly #known = new Map<Member, TargetInfo>();
  /** CIDs that no member had a pin of, and until when that is believed. */
  readonly #absent = new Map<string, number>();
  /** Writes to one CID go one after the other: two that choose at the same time would choose twice. */
  readonly #writing = new Map<string, Promise<void>>();
  #info: { readonly at: number; readonly value: TargetInfo } | undefined;

  constructor({ members, quorums = {}, clock = systemClock }: TargetGroupOptions) {
    this.#members = members.map((member) => new Member(member, clock));
    if (members.length === 0)
      throw new PinningError('invalid', 'members expected at least one target, got none');
    const names = members.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      throw new PinningError('invalid', `members expected each name once, got "${twice}" twice`);
    this.#quorums = quorums;
    this.#clock = clock;
    this.turns = Math.max(...members.map(({ target }) => target.turns ?? 1));
    this.label = `targets ${names.join(', ')}`;
  }

  async inspect(options: CallOptions = {}): Promise<TargetInfo> {
    const seen = new Map<string, string>();
    const found = await this.#each(options, (member) => this.#inspectOne(member, options));
    const peers = found.flatMap(({ member, value, failure }) => {
      if (value !== undefined) this.#known.set(member, value);
      const known = this.#known.get(member);
      if (known === undefined) return [lostPeer(member, failure)];
      return known.peers.map((peer) => groupPeer(member, peer, known, failure, seen));
    });
    const hasQuorums = Object.keys(this.#quorums).length > 0;
    const quorums = hasQuorums ? { quorums: this.#quorums } : {};
    const value: TargetInfo = { kind: 'group', peers, pinsPerPeer: true, choosesCopies: true, ...quorums };
    this.#info = { at: this.#clock.now(), value };
    return value;
  }

  async *observe(cids?: readonly string[], options: ObserveOptions = {}): AsyncGenerator<PinState> {
    const asked = cids && cidKeys(cids);
    const began = this.#clock.now();
    const found = await this.#lookAt(asked && [...asked.keys()], options);
    const until = believedUntil(began, this.#clock.now());
    const keys = asked?.keys() ?? new Set(found.flatMap(({ value }) => [...(value?.keys() ?? [])]));
    for (const key of keys) {
      const parts = partsOf(key, found);
      if (options.detail !== 'copies') this.#note(key, parts, until);
      const state = joinedState(asked?.get(key) ?? key, parts);
      if (asked !== undefined || state.pin !== undefined) yield state;
    }
  }

  async pin(cid: string, pin: WantedPin, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    const named = pin.allocations?.filter((id) =>
      this.#members.some((member) => member.inner(id) !== undefined),
    );
    assertWantedPin(pin, named);
    await this.#alone(key, () => this.#pin(key, pin, options));
  }

  async unpin(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    await this.#alone(key, async () => {
      const parts = await this.#partsOf(key, options);
      const [failure] = await this.#drop(key, parts, options);
      const lost = failure ?? parts.find((part) => part.failure !== undefined)?.failure;
      if (lost !== undefined) throw lost;
    });
  }

  async recover(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    const parts = await this.#partsOf(key, options);
    for (const { member, state } of parts.filter(isOwnPart))
      if (state?.pin !== undefined)
        await this.#try(member, options, () => member.target.recover(key, options));
  }

  /** Where a member cannot be asked that, its peers' `swarm` is asked. */
  async readBlock(peer: string, cid: string, options: CallOptions = {}): Promise<Uint8Array | undefined> {
    const { member, inner } = this.#memberOf(peer);
    if (member.target.readBlock === undefined)
      throw new PinningError('unsupported', `${member.target.label} does not give blocks of its peers`);
    return member.target.readBlock(inner, cid, options);
  }

  async repair(cid: string, lost: LostBlocks, options: CallOptions = {}): Promise<RepairReport> {
    const { member, inner } = this.#memberOf(lost.peer);
    if (member.target.repair === undefined)
      throw new PinningError('unsupported', `${member.target.label} cannot be asked to get blocks again`);
    return member.target.repair(cid, { ...lost, peer: inner }, options);
  }

  /** Closes kept connections; the group can be used again after. */
  close(): void {
    for (const { target } of this.#members) (target as { close?: () => void }).close?.();
  }

  async #pin(key: string, pin: WantedPin, options: CallOptions): Promise<void> {
    const info = await this.#recentInfo(options);
    assertEnough(key, pin, info);
    const parts = this.#recentLook(key) ?? (await this.#partsOf(key, options));
    this.#absent.delete(key);
    const state = joinedState(key, parts);
    const refused = new Set<string>();
    const failures = new Map(parts.flatMap(({ member, failure }) => (failure ? [[member, failure]] : [])));
    const before = failures.size;
    const written = new Map<Member, string>();
    for (;;) {
      const chosen = chosenCopies({ info, state, pin, refused });
      const shares = this.#shares(chosen);
      const marked = { ...pin, metadata: withMark(pin, countsOf(shares)) };
      const due = [...shares].filter(([member, ids]) => written.get(member) !== ids.join());
      if (due.length === 0) break;
      await Promise.all(
        due.map(async ([member, ids]) => {
          const failure = await this.#try(member, options, () =>
            member.target.pin(key, shareOf(marked, ids, this.#known.get(member)), options),
          );
          if (failure === undefined) return void written.set(member, ids.join());
          failures.set(member, failure);
          for (const peer of this.#known.get(member)?.peers ?? []) refused.add(member.outer(peer.id));
        }),
      );
      if (failures.size === before) break;
    }
    const made = [...written.values()].reduce((sum, ids) => sum + ids.split(',').length, 0);
    const least = pin.min === -1 ? 1 : pin.min;
    if (made < least) throw fewCopies(key, least, made, failures);
    // What is over goes last: before, the copies that stay are asked for. A member that did not take the change keeps what it has.
    const over = parts.filter(({ member }) => !written.has(member) && !failures.has(member));
    await this.#drop(key, over, options);
  }

  /** Each member with its part of the chosen peers, as it knows them. */
  #shares(chosen: readonly TargetPeer[]): Map<Member, string[]> {
    const shares = new Map<Member, string[]>();
    for (const { id } of chosen) {
      const { member, inner } = this.#memberOf(id);
      shares.set(member, [...(shares.get(member) ?? []), inner]);
    }
    return shares;
  }

  async #drop(key: string, parts: readonly Part[], options: CallOptions): Promise<PinningError[]> {
    const own = parts.filter((part) => isOwnPart(part) && part.state?.pin !== undefined);
    const failures = await Promise.all(
      own.map(({ member }) => this.#try(member, options, () => member.target.unpin(key, options))),
    );
    return failures.filter((failure) => failure !== undefined);
  }

  /** A failure is what a member says, not the end of the call, unless the caller ended it. */
  async #try(
    member: Member,
    options: CallOptions,
    run: () => Promise<void>,
  ): Promise<PinningError | undefined> {
    try {
      await member.call(options, run);
      return undefined;
    } catch (error) {
      if (isStop(error, options) || !(error instanceof PinningError)) throw error;
      return error;
    }
  }

  async #each<T>(options: CallOptions, ask: (member: Member) => Promise<T>): Promise<Found<T>[]> {
    const found = await Promise.all(
      this.#members.map(async (member): Promise<Found<T>> => {
        try {
          return { member, value: await member.call(options, () => ask(member)) };
        } catch (error) {
          if (isStop(error, options) || !(error instanceof PinningError)) throw error;
          return { member, failure: error };
        }
      }),
    );
    const [first] = found;
    if (first?.failure && found.every(({ failure }) => failure)) throw first.failure;
    return found;
  }

  /** One target that hangs is not what all the others wait for. */
  async #inspectOne({ target }: Member, { signal }: CallOptions): Promise<TargetInfo> {
    using deadline = new Deadline(this.#clock, inspectMs, signal);
    try {
      return await target.inspect({ signal: deadline.signal });
    } catch (error) {
      if (!deadline.passed || deadline.cancelled) throw error;
      const message = `${target.label}: expected to hear what it is made of within ${inspectMs / 1000} s`;
      throw new PinningError('timeout', message, { cause: error });
    }
  }

  #lookAt(keys: readonly string[] | undefined, options: ObserveOptions): Promise<Looked[]> {
    return this.#each(options, async (member) => {
      const { target } = member;
      const turn = options.turn === undefined ? {} : { turn: options.turn % (target.turns ?? 1) };
      const states = new Map<string, PinState>();
      if (!this.#known.has(member)) this.#known.set(member, await this.#inspectOne(member, options));
      for await (const state of target.observe(keys, { ...options, ...turn })) {
        if (states.size === 0) assertAnswers(state);
        states.set(cidKey(state.cid), state);
      }
      return states;
    }).then((found) => found.map((each) => ({ ...each, info: this.#known.get(each.member) })));
  }

  async #partsOf(key: string, options: CallOptions): Promise<readonly Part[]> {
    return partsOf(key, await this.#lookAt([key], options));
  }

  async #recentInfo(options: CallOptions): Promise<TargetInfo> {
    const isRecent = this.#info !== undefined && this.#clock.now() - this.#info.at < infoMs;
    return isRecent && this.#info !== undefined ? this.#info.value : this.inspect(options);
  }

  #recentLook(key: string): readonly Part[] | undefined {
    const until = this.#absent.get(key);
    if (until === undefined || this.#clock.now() > until) return undefined;
    const state = { cid: key, peers: [] };
    return this.#members.map((member) => ({ member, info: this.#known.get(member), state }));
  }

  #note(key: string, parts: readonly Part[], until: number): void {
    this.#absent.delete(key);
    if (parts.some(({ state }) => state?.pin !== undefined)) return;
    this.#absent.set(key, until);
    const [oldest] = this.#absent.keys();
    if (this.#absent.size > mostAbsent && oldest !== undefined) this.#absent.delete(oldest);
  }

  async #alone(key: string, run: () => Promise<void>): Promise<void> {
    const before = this.#writing.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(run);
    this.#writing.set(key, mine);
    try {
      await mine;
    } finally {
      if (this.#writing.get(key) === mine) this.#writing.delete(key);
    }
  }

  #memberOf(peer: string): { readonly member: Member; readonly inner: string } {
    for (const member of this.#members) {
      const inner = member.inner(peer);
      if (inner !== undefined) return { member, inner };
    }
    throw new PinningError('invalid', `peer expected one of ${this.label}, got "${peer}"`);
  }
}

interface Found<T> {
  readonly member: Member;
  readonly value?: T;
  readonly failure?: PinningError;
}

interface Looked extends Found<Map<string, PinState>> {
  readonly info: TargetInfo | undefined;
}

function partsOf(key: string, found: readonly Looked[]): Part[] {
  return found.map(({ member, info, value, failure }) => ({
    member,
    info,
    failure,
    // What a whole list leaves out is not there.
    state: value && (value.get(key) ?? { cid: key, peers: [] }),
  }));
}

/** A node that is down is an answer of a target of many nodes; where all are, the target gave none. */
function assertAnswers({ peers }: PinState): void {
  const isLost = peers.length > 0 && peers.every(({ state }) => state === 'down');
  if (isLost) throw new PinningError('unavailable', peers[0]?.error ?? 'none of its peers can be reached');
}

function isStop(error: unknown, { signal }: CallOptions): boolean {
  return signal?.aborted === true || (error instanceof PinningError && error.code === 'aborted');
}

function lostPeer({ name, region }: Member, failure: PinningError | undefined): TargetPeer {
  const error = failure?.message ?? 'it gave no answer';
  return { id: name, name, place: name, up: false, error, ...(region !== undefined && { region }) };
}

function groupPeer(
  member: Member,
  peer: TargetPeer,
  info: TargetInfo,
  failure: PinningError | undefined,
  seen: Map<string, string>,
): TargetPeer {
  const region = peer.region ?? member.region;
  const name = nameOf(member, peer.name, info);
  const node = peer.swarm?.id ?? (info.kind === 'kubo' ? peer.id : undefined);
  if (node !== undefined) {
    const twin = seen.get(node);
    if (twin !== undefined) throw sameNode(node, twin, name);
    seen.set(node, name);
  }
  const error = failure?.message ?? peer.error;
  return {
    ...peer,
    id: member.outer(peer.id),
    name,
    place: member.name,
    up: peer.up && error === undefined,
    ...(region !== undefined && { region }),
    ...(error !== undefined && { error }),
  };
}

/** One node under two names would pass for two copies. */
function sameNode(node: string, first: string, second: string): PinningError {
  const message = `members expected each IPFS node once, got ${node} as ${first} and ${second}: that would count one copy as two`;
  return new PinningError('invalid', message);
}

/** What one member is asked for: as many copies as peers of it were chosen, on those where it has a choice. */
function shareOf(pin: WantedPin, ids: readonly string[], info: TargetInfo | undefined): WantedPin {
  const { allocations: _allocations, nowhereElse: _nowhere, ...rest } = pin;
  if (pin.max === -1) return { ...rest, min: -1, max: -1 };
  const some = ids.length < (info?.peers.length ?? 0);
  return { ...rest, min: ids.length, max: ids.length, ...(some && { allocations: ids }) };
}

function countsOf(shares: ReadonlyMap<Member, readonly string[]>): Map<string, number> {
  return new Map([...shares].map(([{ name }, ids]) => [name, ids.length]));
}

function assertEnough(key: string, { min }: WantedPin, { peers }: TargetInfo): void {
  if (peers.length >= min) return;
  const message = `${key}: expected at most ${peers.length} copies to be asked of ${peers.length} peers, got ${min}`;
  throw new PinningError('not-enough-peers', message);
}

function fewCopies(
  key: string,
  least: number,
  made: number,
  failures: ReadonlyMap<Member, PinningError>,
): PinningError {
  const all = [...failures.values()];
  const why = [...failures].map(([{ name }, { message }]) => `; ${name}: ${message}`).join('');
  const code = all.find(({ retryable }) => retryable)?.code ?? all[0]?.code ?? 'unavailable';
  return new PinningError(code, `${key}: expected at least ${least} copies, got ${made}${why}`, {
    cause: new AggregateError(all, 'one failure for each target'),
  });
}
