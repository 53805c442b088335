import { type BlockRequest, type BlockSession, ContentError } from '@holdfast/content';
import { blockKey, CarFrames, type Frame, parseCid } from '@holdfast/content/internal';
import type { Gateway } from './gateway.ts';
import { GatewayFault } from './gateway-fault.ts';
import type { Gateways } from './gateways.ts';

/**
 * The blocks of one file from one CAR, taken in the order they are asked for. A block that is not the one asked
 * for ends the CAR; what is still missing comes block by block, from whichever gateway.
 */
export class CarSession implements BlockSession {
  readonly #gateways: Gateways;
  readonly #gateway: Gateway;
  readonly #root: string;
  readonly #request: BlockRequest;
  readonly #abort = new AbortController();
  readonly #seen = new Set<string>();
  #opened: Promise<void> | undefined;
  #frames: AsyncGenerator<Frame, void> | undefined;

  constructor(gateways: Gateways, gateway: Gateway, root: string, request: BlockRequest) {
    this.#gateways = gateways;
    this.#gateway = gateway;
    this.#root = root;
    this.#request = request;
  }

  async block(cid: string): Promise<Uint8Array> {
    this.#opened ??= this.#open();
    await this.#opened;
    // `dups=n`: a block that the file has twice is in the CAR once.
    if (this.#frames !== undefined && !this.#seen.has(blockKey(parseCid(cid)))) {
      try {
        return await this.#next(cid);
      } catch (error) {
        await this.#giveUp(error);
      }
    }
    return this.#gateways.block(cid, this.#request);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    // What it was waiting for was just aborted: that failure is of no interest.
    await this.#frames?.return().catch(() => undefined);
    this.#frames = undefined;
  }

  async #open(): Promise<void> {
    try {
      const signal = AbortSignal.any([this.#request.signal, this.#abort.signal]);
      const frames = new CarFrames(this.#gateway.car(this.#root, signal), {
        maxBlockBytes: this.#request.maxBytes,
      });
      await frames.header();
      this.#frames = frames.blocks();
      await this.#next(this.#root);
    } catch (error) {
      await this.#giveUp(error);
    }
  }

  async #next(cid: string): Promise<Uint8Array> {
    const next = await this.#frames?.next();
    if (next === undefined || next.done === true)
      throw new ContentError('car-truncated', 'the CAR ended early');
    const key = blockKey(next.value.cid);
    if (key !== blockKey(parseCid(cid))) {
      throw new ContentError('block-unreferenced', 'the CAR has a block that was not asked for');
    }
    this.#seen.add(key);
    return next.value.bytes;
  }

  /** Ends the CAR. A gateway that sent what nobody can have wanted is excluded. */
  async #giveUp(error: unknown): Promise<void> {
    await this.close();
    this.#request.signal.throwIfAborted();
    const lied = error instanceof ContentError && error.code !== 'car-truncated';
    const refused = error instanceof GatewayFault && error.kind === 'final';
    if (lied || refused) this.#gateways.exclude(this.#gateway, error.message);
  }
}
