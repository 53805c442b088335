import {
  type AuthSource,
  CircuitBreaker,
  Credentials,
  Endpoint,
  HttpError,
  systemClock,
} from '@holdfast/http';
import type { KuboRPCClient } from 'kubo-rpc-client';
import { CID } from 'multiformats/cid';
import { asPinningError, PinningError } from '../../target/pinning-error.ts';
import type { CallOptions } from '../../target/target.ts';
import { decodeRecord, encodeRecord, type PinRecord } from '../pin-record.ts';
import { kuboFailure } from './failure.ts';
import { kuboLibrary } from './kubo-library.ts';

export interface KuboNodeOptions {
  readonly url: string;
  readonly name?: string | undefined;
  readonly region?: string | undefined;
  readonly auth?: AuthSource | undefined;
}

export interface NodePin {
  readonly cid: string;
  readonly name: string;
}

const maxRecordBytes = 64 << 10;
/** A node on a busy machine says who it is within that. */
const signOfLifeMs = 5_000;
const restoreMs = 3_600_000;

/** One Kubo node. What a pin was asked with is kept as a file in the node's own MFS: a pin has only a name. */
export class KuboNode {
  readonly label: string;
  readonly options: KuboNodeOptions;
  readonly #endpoint: Endpoint;
  readonly #credentials: Credentials;
  readonly #callMs: number;
  #client: Promise<KuboRPCClient> | undefined;
  #id: string | undefined;
  readonly #breaker = new CircuitBreaker(systemClock, { threshold: 1, openMs: 30_000, maxOpenMs: 300_000 });
  #silence: PinningError | undefined;

  constructor(options: KuboNodeOptions, callMs: number) {
    this.options = options;
    try {
      this.#endpoint = Endpoint.parse(options.url);
      this.#credentials = new Credentials(options.auth);
    } catch (error) {
      throw error instanceof HttpError ? asPinningError(error) : error;
    }
    this.#callMs = callMs;
    this.label = this.#endpoint.label;
  }

  /** Its peer ID, or its address as long as it was never reached. */
  get peer(): string {
    return this.#id ?? this.label;
  }

  /** A node that hangs is waited for once, then taken for one that is down for a while. */
  async identify(options: CallOptions): Promise<{ id: string; version: string }> {
    if (!this.#breaker.admit() && this.#silence) throw this.#silence;
    try {
      const found = await this.#call('id', options, Math.min(signOfLifeMs, this.#callMs), (kubo, signal) =>
        kubo.id({ signal }),
      );
      this.#breaker.succeeded();
      this.#silence = undefined;
      this.#id = found.id.toString();
      return { id: this.#id, version: found.agentVersion };
    } catch (error) {
      const silent = error instanceof PinningError && error.code === 'timeout' && !options.signal?.aborted;
      if (silent) {
        this.#silence = error;
        this.#breaker.failed();
      } else this.#breaker.released();
      throw error;
    }
  }

  async freeSpace(options: CallOptions): Promise<number> {
    return this.#call('repo/stat', options, this.#callMs, async (kubo, signal) => {
      const { storageMax, repoSize } = await kubo.repo.stat({ signal });
      return Math.max(0, Number(storageMax - repoSize));
    });
  }

  /** The pin of this CID, or nothing. */
  async find(cid: string, options: CallOptions): Promise<NodePin | undefined> {
    return this.#orNothing(
      this.#call('pin/ls', options, this.#callMs, async (kubo, signal) => {
        const query = { paths: cid, type: 'recursive', names: true, signal } as const;
        for await (const pin of kubo.pin.ls(query)) return { cid, name: pin.name ?? '' };
        return undefined;
      }),
    );
  }

  async *all({ signal }: CallOptions): AsyncGenerator<NodePin> {
    const both = within(10 * this.#callMs, signal);
    try {
      const kubo = await this.#connect();
      const query = { type: 'recursive', names: true, signal: both } as const;
      for await (const pin of kubo.pin.ls(query)) yield { cid: pin.cid.toString(), name: pin.name ?? '' };
    } catch (error) {
      throw this.#failure(error, 'pin/ls', both);
    }
  }

  /** Returns when all of the content is here. */
  async pin(cid: string, name: string, withinMs: number, options: CallOptions): Promise<void> {
    await this.#call('pin/add', options, withinMs, async (kubo, signal) => {
      await kubo.pin.add(CID.parse(cid), { name, recursive: true, signal });
    });
  }

  /** The bytes of a block as they are here, without a search; nothing where it is not here. */
  async readBlock(cid: string, options: CallOptions): Promise<Uint8Array | undefined> {
    return this.#orNothing(
      this.#call('block/get', options, this.#callMs, (kubo, signal) =>
        kubo.block.get(CID.parse(cid), { offline: true, signal } as { signal: AbortSignal }),
      ),
    );
  }

  /**
   * Fetches again what was lost of a pin. A block that is there is never written over, so the damaged ones are removed
   * first; a node lets go of a block only while nothing pins it.
   */
  async restore(
    cid: string,
    { damaged }: { readonly damaged: readonly string[] },
    options: CallOptions,
  ): Promise<void> {
    const alive = { ...options };
    const pin = await this.find(cid, alive);
    if (damaged.length > 0) {
      await this.#orNothing(
        this.#call('pin/rm', alive, this.#callMs, async (kubo, signal) => {
          await kubo.pin.rm(CID.parse(cid), { recursive: true, signal });
        }),
      );
    }
    try {
      if (damaged.length > 0)
        await this.#call('block/rm', alive, this.#callMs, async (kubo, signal) => {
          const cids = damaged.map((each) => CID.parse(each));
          for await (const { error } of kubo.block.rm(cids, { force: true, signal })) if (error) throw error;
        });
    } finally {
      // It fetches what is missing only for a pin that it does not have yet.
      await this.#call('refs', alive, restoreMs, async (kubo, signal) => {
        for await (const { err } of kubo.refs(CID.parse(cid), { recursive: true, unique: true, signal }))
          if (err) throw err;
      });
      if (pin !== undefined) await this.pin(cid, pin.name, restoreMs, alive);
    }
  }

  /** Runs calls that may take long, and ends them once the node no longer says who it is. */
  async whileAlive<T>(options: CallOptions, run: (options: CallOptions) => Promise<T>): Promise<T> {
    const stopped = new AbortController();
    const hung = new AbortController();
    const signal = AbortSignal.any([hung.signal, ...(options.signal ? [options.signal] : [])]);
    const watch = this.#watch(hung, stopped.signal);
    try {
      return await run({ ...options, signal });
    } finally {
      stopped.abort();
      await watch;
    }
  }

  /** A node that finds no content still answers; one that hangs would keep the pin from every other node. */
  async #watch(hung: AbortController, stopped: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await systemClock.sleep(signOfLifeMs, stopped);
        await this.identify({ signal: stopped });
      }
    } catch (error) {
      if (!stopped.aborted) hung.abort(error);
    }
  }

  /** Removes the pin that was made here for a record; one that somebody else made only loses the record. */
  async release(cid: string, options: CallOptions): Promise<void> {
    const record = await this.recall(cid, options);
    if (record === undefined) return;
    if (record.found) return this.forget(cid, options);
    await this.unpin(cid, options);
  }

  async unpin(cid: string, options: CallOptions): Promise<void> {
    await this.#orNothing(
      this.#call('pin/rm', options, this.#callMs, async (kubo, signal) => {
        await kubo.pin.rm(CID.parse(cid), { recursive: true, signal });
      }),
    );
    await this.forget(cid, options);
  }

  async forget(cid: string, options: CallOptions): Promise<void> {
    await this.#orNothing(
      this.#call('files/rm', options, this.#callMs, (kubo, signal) =>
        kubo.files.rm(recordPath(cid), { signal }),
      ),
    );
  }

  async connectTo(address: string, options: CallOptions): Promise<void> {
    const { multiaddr } = await kuboLibrary();
    await this.#call('swarm/connect', options, this.#callMs, (kubo, signal) =>
      kubo.swarm.connect(multiaddr(address), { signal }),
    );
  }

  async remember(cid: string, record: PinRecord, options: CallOptions): Promise<void> {
    const bytes = new TextEncoder().encode(encodeRecord(record));
    if (bytes.length > maxRecordBytes) {
      throw new PinningError(
        'invalid',
        `the name, origins and metadata of the pin of ${cid} expected at most ${maxRecordBytes} bytes, got ${bytes.length}`,
      );
    }
    await this.#call('files/write', options, this.#callMs, (kubo, signal) =>
      kubo.files.write(recordPath(cid), bytes, { create: true, parents: true, truncate: true, signal }),
    );
  }

  async recall(cid: string, options: CallOptions): Promise<PinRecord | undefined> {
    return this.#orNothing(
      this.#call('files/read', options, this.#callMs, async (kubo, signal) => {
        const chunks: Uint8Array[] = [];
        const query = { length: maxRecordBytes, signal };
        for await (const chunk of kubo.files.read(recordPath(cid), query)) chunks.push(chunk);
        return decodeRecord(Buffer.concat(chunks).toString('utf8'));
      }),
    );
  }

  #connect(): Promise<KuboRPCClient> {
    this.#client ??= kuboLibrary().then(async ({ create }) => {
      const header = await this.#credentials.header();
      return create({
        url: this.#endpoint.resolve('/api/v0'),
        ...(header === undefined ? {} : { headers: { authorization: header } }),
      });
    });
    return this.#client;
  }

  async #call<T>(
    command: string,
    { signal }: CallOptions,
    withinMs: number,
    run: (kubo: KuboRPCClient, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    // Loading the client is this machine's time, not the node's.
    const client = await this.#connect();
    const both = within(withinMs, signal);
    try {
      return await run(client, both);
    } catch (error) {
      const failure = this.#failure(error, command, both);
      if (failure.status !== 401 || !this.#credentials.renew()) throw failure;
      this.#client = undefined;
      return await run(await this.#connect(), both).catch((again: unknown) => {
        throw this.#failure(again, command, both);
      });
    }
  }

  #failure(error: unknown, command: string, signal: AbortSignal | undefined): PinningError {
    return kuboFailure(error, { label: this.label, command, credentials: this.#credentials, signal });
  }

  async #orNothing<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof PinningError && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}

// kubo-rpc-client 7.1 ignores its timeout option: only a signal ends a call.
function within(ms: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function recordPath(cid: string): string {
  return `/holdfast/pins/${cid}.json`;
}
