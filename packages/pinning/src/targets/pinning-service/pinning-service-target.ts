import { type Clock, systemClock } from '@holdfast/http';
import { believedUntil } from '../../target/believed-look.ts';
import { ownerKey } from '../../target/claim-metadata.ts';
import type { PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions, ObserveOptions, PinTarget, TargetInfo, WantedPin } from '../../target/target.ts';
import { cidKey, cidKeys } from '../cid-key.ts';
import { type ApiOptions, type TargetClient, targetClient } from '../target-client.ts';
import { assertWantedPin } from '../wanted-pin.ts';
import { largestPage, listAll, listSome } from './listing.ts';
import { existingPin, namedByCid, type PinStatus, peerState, pinBody, statusFrom } from './wire.ts';

export interface PinningServiceTargetOptions extends Omit<ApiOptions, 'endpoints' | 'auth'> {
  readonly endpoint: string;
  /** A bearer token, or what gives it when it is needed: asked once, and again after a 401. */
  readonly token: string | (() => string | Promise<string>);
  /** Pins in one answer; the API allows 1,000. */
  readonly pageSize?: number | undefined;
  /** Shown as the one peer that a service is; Default: its host. */
  readonly name?: string | undefined;
  /**
   * Connects a node that has the content to the service's own nodes, which are given as multiaddrs. Called
   * where a service names them and is not done yet; what it throws is not fatal.
   */
  readonly connect?:
    | ((delegates: readonly string[], cid: string, options: CallOptions) => Promise<void>)
    | undefined;
}

const maxNameLength = 255;
/** Services count by the minute, and most do not say when the next one begins. */
const busyPauseMs = 15_000;

/**
 * Any service with the IPFS Pinning Service API (https://ipfs.github.io/pinning-services-api-spec/): one copy.
 *
 * @example
 * ```ts
 * import { PinningServiceTarget } from '@holdfast/pinning';
 *
 * const target = new PinningServiceTarget({ endpoint: 'https://api.example.org/psa', token: 'a-token' });
 * console.log(target.label); // prints: pinning service at https://api.example.org/psa
 * ```
 */
export class PinningServiceTarget implements PinTarget {
  readonly label: string;
  readonly #api: TargetClient;
  readonly #peer: string;
  readonly #pageSize: number;
  readonly #connect: PinningServiceTargetOptions['connect'];
  readonly #clock: Clock;
  /** Until when nothing is believed to be there for a CID: what was not there a moment ago is not looked for again before it is asked for. */
  readonly #absent = new Map<string, number>();

  constructor(options: PinningServiceTargetOptions) {
    const { endpoint, token, name, connect, pageSize = largestPage, ...rest } = options;
    this.#clock = options.clock ?? systemClock;
    this.#api = targetClient({
      busyPauseMs,
      ...rest,
      endpoints: [endpoint],
      auth: typeof token === 'function' ? async () => ({ bearer: await token() }) : { bearer: token },
    });
    this.#peer = name ?? this.#api.endpoints[0]?.url.host ?? endpoint;
    this.#connect = connect;
    this.#pageSize = pageSize;
    this.label = `pinning service at ${this.#api.label}`;
  }

  async inspect({ signal }: CallOptions = {}): Promise<TargetInfo> {
    const query = new URLSearchParams({ limit: '1' });
    await this.#api.json({ method: 'GET', path: '/pins', query }, signal);
    return { kind: 'pinning-service', peers: [{ id: this.#peer, up: true }] };
  }

  async *observe(cids?: readonly string[], options: ObserveOptions = {}): AsyncGenerator<PinState> {
    const asked = cids && cidKeys(cids);
    const found = new Map<string, PinStatus>();
    const began = this.#clock.now();
    const page = { ...options, pageSize: this.#pageSize };
    const listed = asked ? listSome(this.#api, [...asked.keys()], page) : listAll(this.#api, page);
    for await (const status of listed) {
      const key = cidKey(status.cid);
      if (asked?.has(key) === false) continue;
      const other = found.get(key);
      found.set(key, other ? better(other, status) : status);
    }
    const until = believedUntil(began, this.#clock.now());
    this.#absent.clear();
    for (const key of asked?.keys() ?? []) if (!found.has(key)) this.#absent.set(key, until);
    for (const key of asked?.keys() ?? found.keys())
      yield this.#state(asked?.get(key) ?? key, found.get(key));
  }

  async pin(cid: string, pin: WantedPin, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    assertWantedPin(pin, [this.#peer]);
    if (pin.name.length > maxNameLength) {
      throw new PinningError(
        'invalid',
        `name expected at most ${maxNameLength} characters, got ${pin.name.length}: "${pin.name.slice(0, 60)}…"`,
      );
    }
    if (pin.min > 1) {
      throw new PinningError(
        'not-enough-peers',
        `${this.label}: expected at most 1 copy to be asked of one service, got ${pin.min}`,
      );
    }
    const isAbsent = this.#clock.now() <= (this.#absent.get(key) ?? 0);
    this.#absent.delete(key);
    const [existing] = isAbsent ? [] : await this.#requests(key, options);
    const body = pinBody(key, pin);
    const status = !existing
      ? await this.#submit('/pins', body, options)
      : existing.status !== 'failed' && sameBody(existing, key, body)
        ? existing
        : await this.#replace(existing, key, body, options);
    await this.#introduce(status, key, options);
  }

  async unpin(cid: string, options: CallOptions = {}): Promise<void> {
    const requests = await this.#requests(cidKey(cid), options);
    // One account may serve several owners, each with a request of its own for the same CID.
    const owner = requests[0]?.meta[ownerKey];
    for (const status of requests) if (status.meta[ownerKey] === owner) await this.#remove(status, options);
  }

  async recover(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    for (const status of await this.#requests(key, options)) {
      if (status.status !== 'failed') continue;
      await this.#replace(status, key, pinBody(key, existingPin(status)), options);
    }
  }

  close(): void {
    this.#api.close();
  }

  /** The best first. */
  async #requests(key: string, options: CallOptions): Promise<PinStatus[]> {
    const found: PinStatus[] = [];
    const page = { ...options, pageSize: this.#pageSize };
    for await (const status of listSome(this.#api, [key], page)) found.push(status);
    return found.sort((a, b) => (better(a, b) === a ? -1 : 1));
  }

  /**
   * Replacing keeps the content while the request changes. A service that names requests by CID, as IPFS
   * Cluster does, would remove the new one with the old one: there, adding replaces.
   */
  #replace(existing: PinStatus, key: string, body: string, options: CallOptions): Promise<PinStatus> {
    const byCid = namedByCid(existing) || existing.requestId === key;
    const path = byCid ? '/pins' : `/pins/${encodeURIComponent(existing.requestId)}`;
    return this.#submit(path, body, options);
  }

  async #submit(path: string, body: string, { signal }: CallOptions): Promise<PinStatus> {
    const headers = { 'content-type': 'application/json' };
    const answer = await this.#api.json({ method: 'POST', path, headers, body }, signal);
    const status = statusFrom(answer);
    if (status) return status;
    throw new PinningError('bad-response', `${this.label}: POST ${path} expected a pin's status, got none`);
  }

  async #remove({ requestId }: PinStatus, { signal }: CallOptions): Promise<void> {
    try {
      await this.#api.json({ method: 'DELETE', path: `/pins/${encodeURIComponent(requestId)}` }, signal);
    } catch (error) {
      if (!(error instanceof PinningError) || error.code !== 'not-found') throw error;
    }
  }

  async #introduce({ status, delegates }: PinStatus, key: string, { signal }: CallOptions): Promise<void> {
    if (!this.#connect || status === 'pinned' || delegates.length === 0 || signal?.aborted) return;
    const stopped = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    // The service finds the content by itself, only later: neither a failure nor a wait without end is worth the pin.
    const connected = this.#connect(delegates, key, signal ? { signal } : {}).catch(() => {});
    await Promise.race([connected, stopped]);
  }

  #state(cid: string, status: PinStatus | undefined): PinState {
    if (!status) return { cid, peers: [{ peer: this.#peer, state: 'absent' }] };
    const state = peerState(status.status);
    const error = status.details === undefined || state === 'pinned' ? {} : { error: status.details };
    const since = status.created === '' ? {} : { since: status.created };
    const copy = { peer: this.#peer, state, raw: status.status, ...error, ...since };
    return { cid, pin: existingPin(status), peers: [copy] };
  }
}

const worth = ['failed', 'queued', 'pinning', 'pinned'];

/** Of two requests for one CID the one that is further, then the newer. */
function better(a: PinStatus, b: PinStatus): PinStatus {
  const difference = worth.indexOf(a.status) - worth.indexOf(b.status);
  if (difference !== 0) return difference > 0 ? a : b;
  return Date.parse(a.created) >= Date.parse(b.created) ? a : b;
}

function sameBody(existing: PinStatus, key: string, body: string): boolean {
  const {
    name,
    origins = [],
    meta,
  } = JSON.parse(body) as {
    name: string;
    origins?: string[];
    meta: Record<string, string>;
  };
  const keys = Object.keys(meta);
  return (
    cidKey(existing.cid) === key &&
    existing.name === name &&
    existing.origins.length === origins.length &&
    origins.every((origin) => existing.origins.includes(origin)) &&
    Object.keys(existing.meta).length === keys.length &&
    keys.every((it) => existing.meta[it] === meta[it])
  );
}
