import { setTimeout as sleep } from 'node:timers/promises';
import { defaultMaxBlockBytes, verifyBlock } from '../car/car-reader.ts';
import { type ContentCid, cidText } from '../dag/link-cid.ts';
import { ContentError } from '../error.ts';
import { limitOf } from '../limit.ts';
import { Place, type Source } from './source.ts';
import { SourceFault } from './source-fault.ts';
import { type Fetch, openBody, readLimited } from './source-response.ts';

export interface FetcherOptions {
  readonly signal?: AbortSignal;
  /** Of one block. */
  readonly maxBlockBytes?: number;
  /** For one request, from sending it to its last byte. */
  readonly requestTimeoutMs?: number;
  /** Rounds over all sources before a block is given up. */
  readonly attempts?: number;
  readonly fetch?: Fetch;
  /** Waits between rounds. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const maxRetryAfterMs = 60_000;

/** Gets verified blocks from the first source that has them. A source that lied once is not asked again. */
export class BlockFetcher {
  readonly maxBlockBytes: number;
  readonly signal: AbortSignal;
  readonly places: Place[];
  readonly #options: FetcherOptions;
  readonly #attempts: number;
  readonly #requestTimeoutMs: number;
  readonly #stop = new AbortController();
  readonly #out = new Map<Place, string>();

  constructor(sources: readonly Source[], options: FetcherOptions = {}) {
    if (sources.length === 0)
      throw new ContentError('source-invalid', '"sources" expected at least one source, got none');
    this.places = sources.map((source) => new Place(source));
    this.maxBlockBytes = limitOf('maxBlockBytes', options.maxBlockBytes, defaultMaxBlockBytes);
    this.#attempts = limitOf('attempts', options.attempts, 3, 1);
    this.#requestTimeoutMs = limitOf('requestTimeoutMs', options.requestTimeoutMs, 30_000);
    this.signal =
      options.signal === undefined ? this.#stop.signal : AbortSignal.any([options.signal, this.#stop.signal]);
    this.#options = options;
  }

  /** Ends every request that still runs. */
  close(): void {
    this.#stop.abort();
  }

  async block(cid: ContentCid): Promise<Uint8Array> {
    const { wait = pause } = this.#options;
    const faults = new Map<Place, SourceFault>();
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.#round(cid, faults);
      if (bytes !== undefined) return bytes;
      const passing = [...faults.values()].filter(({ kind }) => kind === 'passing');
      if (attempt >= this.#attempts || passing.length === 0) throw this.#exhausted(cid, faults);
      const asked = Math.max(...passing.map(({ retryAfterMs = 0 }) => retryAfterMs));
      await wait(Math.min(maxRetryAfterMs, Math.max(asked, 250 * 2 ** attempt)), this.signal);
    }
  }

  get requestSignal(): AbortSignal {
    return AbortSignal.any([this.signal, AbortSignal.timeout(this.#requestTimeoutMs)]);
  }

  get fetch(): Fetch {
    return this.#options.fetch ?? globalThis.fetch;
  }

  /** Takes a source out for the rest of this fetch. */
  exclude(place: Place, why: string): void {
    this.#out.set(place, why);
  }

  isOut(place: Place): boolean {
    return this.#out.has(place);
  }

  async #round(cid: ContentCid, faults: Map<Place, SourceFault>): Promise<Uint8Array | undefined> {
    for (const place of [...this.places]) {
      const out = this.#out.get(place);
      if (out !== undefined) {
        faults.set(place, new SourceFault('final', out));
        continue;
      }
      if (faults.get(place)?.kind === 'absent') continue;
      try {
        return await this.#ask(place, cid);
      } catch (error) {
        this.signal.throwIfAborted();
        if (!(error instanceof SourceFault)) throw error;
        faults.set(place, error);
        if (error.kind === 'final') this.exclude(place, error.message);
        else this.#demote(place);
      }
    }
    return undefined;
  }

  async #ask(place: Place, cid: ContentCid): Promise<Uint8Array> {
    const body = await openBody(place.block(cidText(cid.codec, cid.digest)), this.fetch, this.requestSignal);
    const bytes = await readLimited(body, this.maxBlockBytes);
    try {
      verifyBlock(cid, bytes);
    } catch (cause) {
      throw new SourceFault('final', 'sent other bytes than the CID names', { cause });
    }
    return bytes;
  }

  /** Blocks that follow are asked of the others first. */
  #demote(place: Place): void {
    const at = this.places.indexOf(place);
    if (at >= 0) this.places.push(...this.places.splice(at, 1));
  }

  #exhausted({ codec, digest }: ContentCid, faults: ReadonlyMap<Place, SourceFault>): ContentError {
    const cid = cidText(codec, digest);
    const told = [...faults].map(([place, { message }]) => `${place.name} ${message}`);
    const causes = [...faults.values()];
    return new ContentError('sources-exhausted', `no source gave block ${cid}: ${told.join('; ')}`, {
      cause: causes.length === 1 ? causes[0] : new AggregateError(causes),
      subject: cid,
    });
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
