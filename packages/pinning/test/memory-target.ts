import type { ExistingPin, PeerCopy, PinState } from '../src/target/pin-state.ts';
import { PinningError } from '../src/target/pinning-error.ts';
import type { CallOptions, ObserveOptions, PinTarget, TargetInfo, WantedPin } from '../src/target/target.ts';

export interface MemoryPeer {
  readonly id: string;
  readonly region?: string;
  readonly freeSpace?: number;
  up: boolean;
}

/** How a peer gets on with a CID: looks until it is pinned, or what it says instead. */
export type Progress = number | { readonly error: string };

/**
 * An IPFS Cluster in memory, strict, and as surprising as the real one: allocations grow only through the
 * minimum, lowering drops peers of its own choice, and writing a pin replaces all of it.
 */
export class MemoryTarget implements PinTarget {
  readonly label = 'memory';
  readonly peers: MemoryPeer[];
  readonly pins = new Map<string, ExistingPin>();
  readonly calls: string[] = [];
  /** What fails next, by call name; taken from the front. */
  readonly faults: { readonly call: string; readonly error: Error }[] = [];
  /** Runs before a call is answered, for races. */
  before: (call: string, cid: string | undefined) => void = () => {};
  progress: (cid: string, peer: string) => Progress = () => 0;
  now: () => number = () => 0;
  /** Peers that gossip does not reach: they know of no pin they do not have. */
  readonly deaf = new Set<string>();
  /** Copies (`CID peer`) whose peer does not know of the pin until it is written again. */
  readonly missed = new Set<string>();
  /** CIDs whose copies are gone, and whose peers say so. */
  readonly lost = new Set<string>();
  readonly #looks = new Map<string, number>();
  readonly #done = new Set<string>();

  constructor(peers: readonly (Partial<MemoryPeer> & { readonly id: string })[]) {
    this.peers = peers.map((peer) => ({ up: true, ...peer }));
  }

  async inspect(_options?: CallOptions): Promise<TargetInfo> {
    this.#called('inspect', undefined);
    return this.info();
  }

  info(): TargetInfo {
    return { kind: 'cluster', version: 'memory', peers: this.peers.map((peer) => ({ ...peer })) };
  }

  async *observe(cids?: readonly string[], options?: ObserveOptions): AsyncGenerator<PinState> {
    const call = ({ copies: 'poll', pin: 'look', all: 'observe' } as const)[options?.detail ?? 'all'];
    this.#called(call, cids?.length === 1 ? cids[0] : undefined);
    for (const cid of cids ?? [...this.pins.keys()]) yield this.state(cid);
  }

  state(cid: string): PinState {
    const pin = this.pins.get(cid);
    const peers = this.peers.map((peer) => this.#copy(cid, pin, peer));
    return { cid, ...(pin !== undefined && { pin }), peers };
  }

  async pin(cid: string, wanted: WantedPin, options?: CallOptions): Promise<void> {
    options?.signal?.throwIfAborted();
    this.#called('pin', cid);
    const { min, max, expires, allocations: priority = [] } = wanted;
    if (min > max || min === 0 || max === 0)
      throw new PinningError('invalid', `bad replication factors: ${min}/${max}`);
    if (expires !== undefined && Date.parse(expires) < this.now()) {
      throw new PinningError('invalid', 'pin.ExpireAt set before current time');
    }
    if (this.pins.has(cid)) for (const { id } of this.peers) this.missed.delete(`${cid} ${id}`);
    const allocations = max === -1 ? [] : this.#allocate(cid, min, max, priority);
    const { allocations: _priority, ...rest } = wanted;
    this.pins.set(cid, { ...rest, allocations });
  }

  async unpin(cid: string, _options?: CallOptions): Promise<void> {
    this.#called('unpin', cid);
    this.pins.delete(cid);
  }

  async recover(cid: string, _options?: CallOptions): Promise<void> {
    this.#called('recover', cid);
    for (const peer of this.peers) this.#looks.delete(`${cid} ${peer.id}`);
  }

  /** Every copy that is being made is there at once. */
  settle(): void {
    for (const [cid, pin] of this.pins) {
      for (const peer of this.peers) {
        const asked = pin.max === -1 || pin.allocations.includes(peer.id);
        if (peer.up && asked && typeof this.progress(cid, peer.id) === 'number')
          this.#done.add(`${cid} ${peer.id}`);
      }
    }
  }

  count(call: string): number {
    return this.calls.filter((made) => made === call).length;
  }

  #called(call: string, cid: string | undefined): void {
    this.calls.push(call);
    this.before(call, cid);
    const index = this.faults.findIndex((fault) => fault.call === call);
    if (index >= 0) throw this.faults.splice(index, 1)[0]?.error;
  }

  /** The engine's own algorithm, allocate.go of ipfs-cluster 1.0.8; what it leaves to map order is here the worst choice. */
  #allocate(cid: string, min: number, max: number, priority: readonly string[]): readonly string[] {
    const asked = this.pins.get(cid)?.allocations ?? [];
    const up = this.peers.filter((peer) => peer.up).map((peer) => peer.id);
    const current = up.filter((id) => asked.includes(id));
    const candidates = up.filter((id) => !asked.includes(id));
    const needed = min - current.length;
    const wanted = max - current.length;
    if (wanted < 0) {
      const unfinished = (id: string) => (this.#done.has(`${cid} ${id}`) ? 1 : 0);
      return current.sort((a, b) => unfinished(a) - unfinished(b)).slice(0, current.length + wanted);
    }
    if (needed <= 0) return asked;
    if (candidates.length < needed) {
      throw new PinningError(
        'not-enough-peers',
        `not enough peers to allocate CID. Needed at least: ${needed}`,
      );
    }
    const first = priority.filter((id) => candidates.includes(id));
    const rest = candidates.filter((id) => !first.includes(id));
    return [...current, ...[...first, ...rest].slice(0, wanted)];
  }

  #copy(cid: string, pin: ExistingPin | undefined, peer: MemoryPeer): PeerCopy {
    const base = { peer: peer.id, ...(peer.region !== undefined && { region: peer.region }) };
    if (!peer.up) return { ...base, state: 'down', error: 'no answer' };
    if (pin === undefined) return { ...base, state: 'absent', raw: 'unpinned' };
    if (pin.max !== -1 && !pin.allocations.includes(peer.id))
      return { ...base, state: 'absent', raw: 'remote' };
    const key = `${cid} ${peer.id}`;
    if (this.lost.has(cid)) return { ...base, state: 'error', error: 'disk died' };
    if (this.#done.has(key)) return { ...base, state: 'pinned' };
    if (this.deaf.has(peer.id) || this.missed.has(key)) return { ...base, state: 'absent', raw: 'unpinned' };
    const progress = this.progress(cid, peer.id);
    if (typeof progress !== 'number') return { ...base, state: 'error', error: progress.error };
    const looks = this.#looks.get(key) ?? 0;
    this.#looks.set(key, looks + 1);
    if (looks < progress)
      return {
        ...base,
        state: looks === 0 ? 'queued' : 'pinning',
        since: new Date(this.now()).toISOString(),
      };
    this.#done.add(key);
    return { ...base, state: 'pinned' };
  }
}
