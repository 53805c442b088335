import type { AuthSource } from '@holdfast/http';
import { readClaims } from '../../target/claim-metadata.ts';
import { mostNameBytes } from '../../target/pin-name.ts';
import type { PeerCopy, PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type {
  CallOptions,
  LostBlocks,
  ObserveOptions,
  PinTarget,
  RepairReport,
  TargetInfo,
  TargetPeer,
  WantedPin,
} from '../../target/target.ts';
import { cidKey, cidKeys } from '../cid-key.ts';
import { assertWantedPin } from '../wanted-pin.ts';
import { KuboNode, type KuboNodeOptions } from './node.ts';
import { candidates } from './placement.ts';
import { type Survey, surveyAll, surveySome } from './survey.ts';

export interface KuboTargetOptions {
  /** RPC addresses such as `http://127.0.0.1:5001`, each a peer of this target. */
  readonly endpoints: readonly (string | KuboNodeOptions)[];
  /** For the endpoints that have none of their own. */
  readonly auth?: AuthSource | undefined;
  /** How long a node may take to fetch one CID before another is tried. Default: an hour. */
  readonly pinTimeoutMs?: number | undefined;
  /** How long any other call may take. Default: 30 s. */
  readonly callTimeoutMs?: number | undefined;
}

/**
 * Kubo nodes side by side: a copy is a node that has the pin. Kubo has no queue, so `pin` returns when the
 * copies are made. It keeps an expiry and does not act on it. A pin that somebody made by hand is a copy like any other,
 * and is never removed.
 *
 * @example
 * ```ts
 * import { KuboTarget } from '@holdfast/pinning';
 *
 * const target = new KuboTarget({ endpoints: ['http://127.0.0.1:5001'] });
 * console.log(target.label); // prints: Kubo at http://127.0.0.1:5001
 * ```
 */
export class KuboTarget implements PinTarget {
  readonly label: string;
  readonly #nodes: readonly KuboNode[];
  readonly #pinTimeoutMs: number;
  /** What this process has under way, or has seen fail. */
  readonly #working = new Map<string, Map<KuboNode, PeerCopy>>();

  constructor(options: KuboTargetOptions) {
    const { callTimeoutMs = 30_000, pinTimeoutMs = 3_600_000, auth } = options;
    if (options.endpoints.length === 0) {
      throw new PinningError('invalid', 'endpoints expected at least one Kubo node, got none');
    }
    this.#pinTimeoutMs = pinTimeoutMs;
    this.#nodes = options.endpoints.map((endpoint) => {
      const own = typeof endpoint === 'string' ? { url: endpoint } : endpoint;
      return new KuboNode({ ...(auth && { auth }), ...own }, callTimeoutMs);
    });
    this.label = `Kubo at ${this.#nodes.map((node) => node.label).join(', ')}`;
  }

  async inspect(options: CallOptions = {}): Promise<TargetInfo> {
    const found = await Promise.all(this.#nodes.map((node) => inspectNode(node, options)));
    const version = found.find((it) => it.version !== undefined)?.version;
    const failure = found.find((it) => it.failure)?.failure;
    if (failure && (options.signal?.aborted || found.every((it) => it.failure))) throw failure;
    const peers = found.map((it) => it.peer);
    return { kind: 'kubo', ...(version && { version }), peers, pinsPerPeer: true };
  }

  async *observe(cids?: readonly string[], options: ObserveOptions = {}): AsyncGenerator<PinState> {
    const asked = cids && cidKeys(cids);
    const survey = asked
      ? await surveySome(this.#nodes, [...asked.keys()], options)
      : await surveyAll(this.#nodes, options);
    for (const key of asked?.keys() ?? survey.cids()) {
      const pin = options.detail === 'copies' ? undefined : await survey.pin(key, options);
      const peers = this.#nodes.map((node) => this.#copy(survey, key, node));
      yield { cid: asked?.get(key) ?? key, ...(pin && { pin }), peers };
    }
  }

  async pin(cid: string, pin: WantedPin, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    assertWantedPin(pin);
    assertName(pin.name);
    const survey = await surveySome(this.#nodes, [key], options);
    const reached = this.#nodes.filter((node) => !survey.failure(node));
    const min = pin.min === -1 ? this.#nodes.length : pin.min;
    if (reached.length < min) throw this.#tooFew(key, min, reached.length, survey);
    const wanted = pin.max === -1 ? this.#nodes.length : pin.max;
    const { made, found } = await sorted(survey.holders(key), key, options);
    // What others made is counted and never removed. It takes the place of none of ours as long as anybody has a claim.
    const claimed = readClaims({ ...pin, allocations: [] }).length > 0;
    const ours = claimed ? wanted : Math.max(0, wanted - found.length);
    for (const node of made.splice(ours)) await node.unpin(key, options);
    const holders = [...made, ...found];
    const open = pin.nowhereElse ? reached.filter(({ peer }) => pin.allocations?.includes(peer)) : reached;
    const queue = candidates(key, open, holders, pin.allocations);
    const failures: PinningError[] = [];
    const lane = async () => {
      for (let node = queue.shift(); node; node = queue.shift()) {
        const failure = await this.#pinOn(node, key, pin, options);
        if (!failure) return void holders.push(node);
        failures.push(failure);
        if (options.signal?.aborted) return;
      }
    };
    await Promise.all(Array.from({ length: Math.max(0, wanted - holders.length) }, lane));
    await Promise.all([
      ...made.map((node) => node.remember(key, { pin, found: false }, options)),
      ...found.map((node) => node.remember(key, { pin, found: true }, options)),
    ]);
    if (holders.length < min) throw this.#fewCopies(key, min, holders.length, failures);
  }

  async unpin(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    const results = await Promise.allSettled(this.#nodes.map((node) => node.release(key, options)));
    this.#working.delete(key);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async recover(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    const survey = await surveySome(this.#nodes, [key], options);
    const pin = await survey.pin(key, options);
    if (pin) await this.pin(key, pin, options);
  }

  async readBlock(peer: string, cid: string, options: CallOptions = {}): Promise<Uint8Array | undefined> {
    return this.#nodeOf(peer).readBlock(cidKey(cid), options);
  }

  async repair(cid: string, lost: LostBlocks, options: CallOptions = {}): Promise<RepairReport> {
    await this.#nodeOf(lost.peer).restore(cidKey(cid), lost, options);
    return { did: 'it fetched again what it had lost' };
  }

  #nodeOf(peer: string): KuboNode {
    const node = this.#nodes.find((each) => each.peer === peer);
    if (node === undefined)
      throw new PinningError('invalid', `peer expected one of ${this.label}, got "${peer}"`);
    return node;
  }

  async #pinOn(
    node: KuboNode,
    key: string,
    pin: WantedPin,
    options: CallOptions,
  ): Promise<PinningError | undefined> {
    const since = new Date().toISOString();
    this.#note(key, node, { peer: node.peer, state: 'pinning', since });
    try {
      // Only a help: where it fails, the node searches as ever.
      await Promise.allSettled(pin.origins.map((origin) => node.connectTo(origin, options)));
      await node.whileAlive(options, async (alive) => {
        // The record first: a pin without one, left by a run that was killed, would pass for a stranger's.
        await node.remember(key, { pin, found: false }, alive);
        await node.pin(key, pin.name, this.#pinTimeoutMs, alive);
      });
      this.#note(key, node);
      return undefined;
    } catch (error) {
      if (!(error instanceof PinningError)) throw error;
      this.#note(key, node, { peer: node.peer, state: 'error', error: error.message, since });
      // A node that hangs cannot be asked to forget: it is not waited for again.
      await node
        .identify(options)
        .then(() => node.forget(key, options))
        .catch(() => {});
      return error;
    }
  }

  #note(key: string, node: KuboNode, copy?: PeerCopy): void {
    const copies = this.#working.get(key) ?? new Map<KuboNode, PeerCopy>();
    if (copy) copies.set(node, copy);
    else copies.delete(node);
    if (copies.size > 0) this.#working.set(key, copies);
    else this.#working.delete(key);
  }

  #copy(survey: Survey, key: string, node: KuboNode): PeerCopy {
    const { name, region } = node.options;
    const failure = survey.failure(node);
    const copy: PeerCopy = failure
      ? { peer: node.peer, state: 'down', error: failure.message }
      : survey.holds(key, node)
        ? { peer: node.peer, state: 'pinned' }
        : (this.#working.get(key)?.get(node) ?? { peer: node.peer, state: 'absent' });
    const id = node.peer === node.label ? {} : { node: node.peer };
    return {
      ...copy,
      ...id,
      ...(name === undefined ? {} : { name }),
      ...(region === undefined ? {} : { region }),
    };
  }

  #tooFew(key: string, min: number, reached: number, survey: Survey): PinningError {
    const down = this.#nodes.map((node) => survey.failure(node)).filter((failure) => failure !== undefined);
    const why = down.map((failure) => failure.message).join('; ');
    // Nodes that are down may come back; nodes that do not exist will not.
    const code = this.#nodes.length < min ? 'not-enough-peers' : (down[0]?.code ?? 'not-enough-peers');
    const message = `${key}: ${min} copies need as many Kubo nodes, got ${reached} of ${this.#nodes.length}`;
    return new PinningError(code, why === '' ? message : `${message}: ${why}`, {
      ...(down.length > 0 && { cause: new AggregateError(down, 'nodes that cannot be used') }),
    });
  }

  #fewCopies(key: string, min: number, made: number, failures: readonly PinningError[]): PinningError {
    const why = failures.map((failure) => failure.message).join('; ');
    const code = failures.find((failure) => failure.retryable)?.code ?? failures[0]?.code ?? 'unavailable';
    return new PinningError(code, `${key}: expected ${min} copies, got ${made}: ${why}`, {
      cause: new AggregateError(failures, 'one failure for each node'),
    });
  }
}

/** The nodes that hold a pin: those where it was made for a record, and those that had it from somebody else. */
async function sorted(
  holders: readonly KuboNode[],
  key: string,
  options: CallOptions,
): Promise<{ made: KuboNode[]; found: KuboNode[] }> {
  const records = await Promise.all(holders.map((node) => node.recall(key, options)));
  const isMade = (index: number) => records[index]?.found === false;
  return {
    made: holders.filter((_, index) => isMade(index)),
    found: holders.filter((_, index) => !isMade(index)),
  };
}

function assertName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= mostNameBytes) return;
  const got = `${bytes}: "${name.slice(0, 60)}…"`;
  throw new PinningError('invalid', `name expected at most ${mostNameBytes} bytes, got ${got}`);
}

interface Inspected {
  readonly peer: TargetPeer;
  readonly version?: string;
  readonly failure?: PinningError;
}

async function inspectNode(node: KuboNode, options: CallOptions): Promise<Inspected> {
  const { name, region } = node.options;
  const known = { ...(name === undefined ? {} : { name }), ...(region === undefined ? {} : { region }) };
  try {
    const { id, version } = await node.identify(options);
    const freeSpace = await node.freeSpace(options);
    return { version, peer: { id, ...known, up: true, freeSpace } };
  } catch (error) {
    if (!(error instanceof PinningError)) throw error;
    return { failure: error, peer: { id: node.peer, ...known, up: false, error: error.message } };
  }
}
