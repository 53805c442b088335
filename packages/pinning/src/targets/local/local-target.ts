import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@holdfast/http';
import { CID } from 'multiformats/cid';
import type { PeerCopy, PinState } from '../../target/pin-state.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions, ObserveOptions, PinTarget, TargetInfo, WantedPin } from '../../target/target.ts';
import { cidKey, cidKeys } from '../cid-key.ts';
import { decodeRecord, encodeRecord } from '../pin-record.ts';
import { assertWantedPin } from '../wanted-pin.ts';
import { BlockFolder } from './block-folder.ts';
import { type Block, carBlocks } from './car-blocks.ts';
import { freeBytes, makeFolder, names, readWhole, remove, writeWhole } from './files.ts';

export interface LocalTargetOptions {
  readonly folder: string;
  /** Where a block that is not here may be had; its hash is checked. Without, a pin waits for `putBlocks`. */
  readonly fetchBlock?: (cid: string, options: CallOptions) => Promise<Uint8Array | undefined>;
  readonly clock?: Clock;
}

/**
 * A folder of blocks on this machine: one copy. Content comes in through `importCar` and `putBlocks`, before
 * the pin or after it, and every block's hash is checked.
 */
export class LocalTarget implements PinTarget {
  readonly label: string;
  readonly #folder: string;
  readonly #blocks: BlockFolder;
  readonly #options: LocalTargetOptions;
  readonly #clock: Clock;
  readonly #peer = { peer: 'local', name: hostname() };

  constructor(options: LocalTargetOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.#blocks = new BlockFolder(join(options.folder, 'blocks'));
    this.#clock = options.clock ?? systemClock;
    this.label = `folder ${options.folder}`;
  }

  async inspect({ signal }: CallOptions = {}): Promise<TargetInfo> {
    throwIfStopped(signal, this.label);
    const { peer: id, name } = this.#peer;
    return { kind: 'local', peers: [{ id, name, up: true, freeSpace: await freeBytes(this.#folder) }] };
  }

  async *observe(
    cids?: readonly string[],
    { signal, detail }: ObserveOptions = {},
  ): AsyncGenerator<PinState> {
    const asked = cids && cidKeys(cids);
    for (const key of asked?.keys() ?? (await this.#pinned())) {
      throwIfStopped(signal, this.label);
      const pin = await this.#read(key);
      const cid = asked?.get(key) ?? key;
      if (pin) {
        const peers = detail === 'pin' ? [] : [await this.#copy(key)];
        yield { cid, pin: { ...pin, allocations: [this.#peer.peer] }, peers };
      } else if (asked) yield { cid, peers: [{ ...this.#peer, state: 'absent' }] };
    }
  }

  async pin(cid: string, pin: WantedPin, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    assertWantedPin(pin, this.#peer.peer);
    throwIfStopped(options.signal, this.label);
    if (pin.min > 1) {
      throw new PinningError('not-enough-peers', `${this.label}: expected at most 1 copy, got ${pin.min}`);
    }
    await makeFolder(this.#pins);
    await writeWhole(this.#path(key), encodeRecord({ pin, found: false }));
    await this.#fetch(key, options);
  }

  async unpin(cid: string, { signal }: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    throwIfStopped(signal, this.label);
    await remove(this.#path(key));
  }

  async recover(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    throwIfStopped(options.signal, this.label);
    if (await this.#read(key)) await this.#fetch(key, options);
  }

  /** The blocks of a CAR v1. Gives how many there were. */
  importCar(source: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<number> {
    return this.putBlocks(carBlocks(source), options);
  }

  async putBlocks(
    blocks: AsyncIterable<Block> | Iterable<Block>,
    { signal }: CallOptions = {},
  ): Promise<number> {
    let count = 0;
    for await (const block of blocks) {
      throwIfStopped(signal, this.label);
      await this.#blocks.put(block);
      count += 1;
    }
    return count;
  }

  /** The bytes of a block that is here. */
  getBlock(cid: string): Promise<Uint8Array | undefined> {
    return this.#blocks.get(CID.parse(cidKey(cid)));
  }

  /** Removes the blocks and the records of what is not pinned any more. Gives how many blocks went. */
  async collectGarbage({ signal }: CallOptions = {}): Promise<number> {
    const kept = new Set<string>();
    for (const key of await this.#pinned()) {
      throwIfStopped(signal, this.label);
      if (!(await this.#read(key))) await remove(this.#path(key));
      else for await (const node of this.#blocks.walk(CID.parse(key))) kept.add(this.#blocks.name(node.cid));
    }
    return this.#blocks.retain(kept);
  }

  async #copy(key: string): Promise<PeerCopy> {
    for await (const { cid, here } of this.#blocks.walk(CID.parse(key))) {
      if (!here)
        return { ...this.#peer, state: 'queued', raw: 'waiting', error: `block ${cid} is not here yet` };
    }
    return { ...this.#peer, state: 'pinned' };
  }

  async #fetch(key: string, options: CallOptions): Promise<void> {
    const { fetchBlock } = this.#options;
    if (!fetchBlock) return;
    for await (const { cid, here } of this.#blocks.walk(CID.parse(key))) {
      throwIfStopped(options.signal, this.label);
      if (here) continue;
      const bytes = await fetchBlock(cid.toString(), options);
      if (bytes) await this.#blocks.put({ cid: cid.toString(), bytes });
    }
  }

  /** What was asked for and has not ended. */
  async #read(key: string): Promise<WantedPin | undefined> {
    const json = await readWhole(this.#path(key));
    const pin = json === undefined ? undefined : decodeRecord(json.toString('utf8'))?.pin;
    const ended = pin?.expires !== undefined && Date.parse(pin.expires) <= this.#clock.now();
    return ended ? undefined : pin;
  }

  async #pinned(): Promise<string[]> {
    const files = await names(this.#pins);
    return files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  }

  get #pins(): string {
    return join(this.#folder, 'pins');
  }

  #path(key: string): string {
    return join(this.#pins, `${key}.json`);
  }
}

function throwIfStopped(signal: AbortSignal | undefined, label: string): void {
  if (!signal?.aborted) return;
  const timeout = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  throw new PinningError(timeout ? 'timeout' : 'aborted', `${label}: the caller stopped the call`);
}
