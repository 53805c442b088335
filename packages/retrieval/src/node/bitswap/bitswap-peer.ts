import { parseCid } from '@holdfast/content/internal';
import { RetrievalError } from '../../error.ts';
import type { CopyAnswer, CopyRequest, CopySource } from '../../proof/copy-source.ts';
import { SharedCalls } from '../../shared-calls.ts';
import { decodeAnswer, encodeWants } from './bitswap-message.ts';
import type { Host, HostConnection, StreamReader } from './libp2p-host.ts';
import { KeptBytes, MessageFrames } from './message-frames.ts';
import { keyOf, type OpenWant, OpenWants } from './open-wants.ts';

export interface BitswapPeerOptions {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly host: () => Promise<Host>;
  /** The longest without an answer that is one. */
  readonly silenceMs: number;
  /** Blocks asked for and not answered, at most. */
  readonly blocksAtOnce: number;
}

/** How long to wait for what was asked for, after bytes came that nobody asked for. */
const strayMs = 250;
const checkMs = 100;
/** A node drops what is asked again while its answer to the same is on its way: so ask now and then. */
const repeatMs = 1000;
/** Other bytes may have been on their way for another block: only a second time, asked alone, says it. */
const strayTimes = 2;
const dialAttempts = 2;
/** What took longer to fail will take as long again. */
const quickMs = 2000;

/** One peer, asked over bitswap for what it has itself. */
export class BitswapPeer implements CopySource {
  readonly id: string;
  readonly #options: BitswapPeerOptions;
  readonly #calls = new SharedCalls<CopyAnswer>();
  readonly #open = new OpenWants();
  readonly #kept = new KeptBytes();
  #queue: OpenWant[] = [];
  /** Wants that some stray may belong to: asked one at a time. */
  #suspects = 0;
  #connection: Promise<HostConnection> | undefined;
  #isConnected = false;
  #dials = 0;
  #broken: Error | undefined;
  #usefulAt = 0;
  #askedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;

  constructor(options: BitswapPeerOptions) {
    this.#options = options;
    this.id = options.id;
  }

  read(cid: string, { signal }: CopyRequest): Promise<CopyAnswer> {
    return this.#calls.run(cid, signal, async (shared) => {
      if (!this.#isConnected) await this.#connected(shared);
      return this.#want(cid, shared);
    });
  }

  /** One stream that the peer opened to answer. */
  reader(): StreamReader {
    const frames = new MessageFrames(this.#kept);
    return {
      end: () => frames.end(),
      part: (bytes) => {
        try {
          for (const message of frames.add(bytes)) this.#take(message);
        } catch (error) {
          this.#break(`what it sends is not bitswap: ${(error as Error).message}`);
          throw error;
        }
      },
    };
  }

  close(): void {
    this.#break('its connection was closed');
  }

  async #connected(signal: AbortSignal): Promise<HostConnection> {
    if (this.#broken !== undefined) throw this.#broken;
    this.#connection ??= this.#dial();
    const connection = this.#connection;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return Promise.race([connection, aborted]);
  }

  async #dial(): Promise<HostConnection> {
    const { host, id, addresses } = this.#options;
    for (;;) {
      this.#dials += 1;
      const began = performance.now();
      try {
        if (addresses.length === 0)
          throw new Error('it has no address over TCP that could be dialled from here');
        const connection = await (await host()).connect(addresses);
        connection.onClose(() => this.#lost());
        this.#isConnected = true;
        return connection;
      } catch (cause) {
        const isQuick = performance.now() - began < quickMs;
        if (this.#dials < dialAttempts && addresses.length > 0 && isQuick) continue;
        this.#broken = new RetrievalError('peer-unreachable', `could not connect: ${reason(cause)}`, {
          cause,
          subject: id,
        });
        throw this.#broken;
      }
    }
  }

  #want(cid: string, signal: AbortSignal): Promise<CopyAnswer> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const { codec, digest } = parseCid(cid);
    const binary = Uint8Array.from([1, codec === 'raw' ? 0x55 : 0x70, 0x12, 32, ...digest]);
    return new Promise<CopyAnswer>((resolve, reject) => {
      const settle = <T>(done: (value: T) => void, value: T): void => {
        signal.removeEventListener('abort', abort);
        if (this.#suspects > 0) this.#suspects -= 1;
        done(value);
        this.#pump();
      };
      const want: OpenWant = {
        key: keyOf(digest),
        cid: binary,
        strays: 0,
        answer: (answer) => settle(resolve, answer),
        fail: (error) => settle(reject, error),
      };
      const abort = (): void => {
        this.#queue = this.#queue.filter((each) => each !== want);
        this.#open.delete(want.key);
        settle(reject, signal.reason);
        this.#send([{ cid: binary, cancel: true }]);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(want);
      this.#pump();
    });
  }

  /** Asks for what there is room for, all that comes in one turn in one message. */
  #pump(): void {
    if (this.#pumping || this.#queue.length === 0) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      const room = (this.#suspects > 0 ? 1 : this.#options.blocksAtOnce) - this.#open.size;
      const wants = this.#queue.splice(0, Math.max(0, room));
      if (wants.length === 0) return;
      if (this.#open.size === 0) this.#usefulAt = performance.now();
      for (const want of wants) this.#open.add(want);
      this.#send(wants);
      this.#timer ??= setInterval(() => this.#check(), checkMs);
    });
  }

  #send(wants: readonly { readonly cid: Uint8Array; readonly cancel?: boolean }[]): void {
    this.#askedAt = performance.now();
    this.#connection
      ?.then((connection) => connection.send(encodeWants(wants), this.#options.silenceMs))
      .catch((error: unknown) => this.#break(reason(error)));
  }

  #take(message: Uint8Array): void {
    if (this.#open.take(decodeAnswer(message))) {
      this.#usefulAt = performance.now();
      // A connection that served may break, and be made again, as often as it serves.
      this.#dials = 0;
    }
    const [want] = this.#open.all;
    if (want === undefined || want.strays === 0 || this.#open.size > 1) return;
    if (want.strays >= strayTimes) {
      this.#open.delete(want.key);
      this.#open.hasStrays = false;
      this.#usefulAt = performance.now();
      want.answer({ kind: 'damaged' });
    }
  }

  #check(): void {
    if (this.#open.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const silent = performance.now() - this.#usefulAt;
    if (silent > this.#options.silenceMs)
      this.#break(`gave no block, and did not say that it has none, for ${this.#options.silenceMs} ms`);
    else {
      const quiet = performance.now() - Math.max(this.#askedAt, this.#usefulAt);
      if (quiet > strayMs && this.#open.hasStrays) this.#askOneByOne();
      else if (quiet > repeatMs) this.#send(this.#open.all);
    }
  }

  #askOneByOne(): void {
    const [first, ...rest] = this.#open.all;
    this.#open.hasStrays = false;
    this.#suspects = Math.max(this.#suspects, this.#open.size);
    for (const want of rest) this.#open.delete(want.key);
    this.#queue.unshift(...rest);
    if (rest.length > 0) this.#send(rest.map(({ cid }) => ({ cid, cancel: true })));
    if (first !== undefined) this.#send([first]);
  }

  /** The connection went: what was asked is not known. The next who asks dials again, once. */
  #lost(): void {
    this.#connection = undefined;
    this.#isConnected = false;
    const error = new RetrievalError('peer-unreachable', 'it closed the connection', { subject: this.id });
    if (this.#dials >= dialAttempts) this.#broken ??= error;
    this.#failAll(error);
  }

  #break(why: string): void {
    this.#broken ??= new RetrievalError('peer-unreachable', why, { subject: this.id });
    this.#connection?.then((connection) => connection.abort(new Error(why))).catch(() => undefined);
    this.#failAll(this.#broken);
  }

  #failAll(error: Error): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const queued = this.#queue;
    this.#queue = [];
    this.#suspects = 0;
    this.#open.failAll(error);
    for (const want of queued) want.fail(error);
  }
}

function reason(error: unknown): string {
  const all = error instanceof AggregateError ? error.errors : [error];
  return [...new Set(all.map((each) => (each as Error).message))].slice(0, 3).join('; ');
}
