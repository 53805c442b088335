import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Clock, systemClock } from '@holdfast/http';
import { CID } from 'multiformats/cid';
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
import type { Block } from './block-folder.ts';
import { type BlockFetch, CopyFolder } from './copy-folder.ts';

export interface LocalTargetOptions {
  /** One folder is one copy. Several are as many peers, each with a copy of its own: disks, or mounted machines. */
  readonly folder: string | readonly string[];
  /** Where to get a block that no folder has; its hash is checked. Without it, a pin waits for `putBlocks`. */
  readonly fetchBlock?: ((cid: string, options: CallOptions) => Promise<Uint8Array | undefined>) | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Folders of blocks on this machine, each of them one copy. Content comes in through `putBlocks`, before the pin or after it,
 * and every block's hash is checked. Folders fetch from each other what they lack.
 *
 * @example
 * ```ts
 * import { LocalTarget } from '@holdfast/pinning';
 *
 * const target = new LocalTarget({ folder: 'copies' });
 * const cid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';
 * await target.putBlocks([{ cid, bytes: new TextEncoder().encode('hello\n') }]);
 * console.log(new TextDecoder().decode(await target.getBlock(cid))); // prints: hello
 * ```
 */
export class LocalTarget implements PinTarget {
  readonly label: string;
  readonly #folders: readonly [CopyFolder, ...CopyFolder[]];
  readonly #fetchBlock: LocalTargetOptions['fetchBlock'];

  constructor(options: LocalTargetOptions) {
    const { folder, fetchBlock, clock = systemClock } = options;
    const paths = [folder].flat();
    const peerOf = (path: string) =>
      paths.length === 1 ? { peer: 'local', name: hostname() } : { peer: path, name: basename(path) };
    const [first, ...rest] = paths.map((path) => new CopyFolder(path, peerOf(path), clock));
    if (!first) throw new PinningError('invalid', 'folder expected at least one folder, got none');
    this.#folders = [first, ...rest];
    assertDistinct(paths.map((path) => resolve(path)));
    this.#fetchBlock = fetchBlock;
    this.label = `folder ${paths.join(', ')}`;
  }

  async inspect({ signal }: CallOptions = {}): Promise<TargetInfo> {
    throwIfStopped(signal, this.label);
    const peers = await this.#each(async (folder): Promise<TargetPeer> => {
      const { peer: id, name } = folder.peer;
      return { id, name, up: true, freeSpace: await folder.freeSpace() };
    });
    return {
      kind: 'local',
      peers: peers.map(({ folder, value, failure }) => {
        const { peer: id, name } = folder.peer;
        return value ?? { id, name, up: false, ...(failure && { error: failure.message }) };
      }),
    };
  }

  async *observe(
    cids?: readonly string[],
    { signal, detail }: ObserveOptions = {},
  ): AsyncGenerator<PinState> {
    const asked = cids && cidKeys(cids);
    for (const key of asked?.keys() ?? (await this.#recorded())) {
      throwIfStopped(signal, this.label);
      const cid = asked?.get(key) ?? key;
      const found = await this.#each(async (folder) => ({ pin: await folder.pin(key) }));
      const holders = found.filter(({ value }) => value?.pin);
      const pin = holders[0]?.value?.pin;
      if (!pin && !asked) continue;
      const peers = detail === 'pin' && pin ? [] : await this.#copies(key, found);
      const allocations = holders.map(({ folder }) => folder.peer.peer);
      yield { cid, ...(pin && { pin: { ...pin, allocations } }), peers };
    }
  }

  /** Keeps the folders that have a copy, and takes more in the order they were given in, those asked for first. */
  async pin(cid: string, pin: WantedPin, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    const ids = this.#folders.map(({ peer }) => peer.peer);
    assertWantedPin(pin, ids);
    throwIfStopped(options.signal, this.label);
    const [min, max] = [pin.min, pin.max].map((count) => (count === -1 ? ids.length : count)) as [
      number,
      number,
    ];
    this.#assertEnough(ids.length, min);
    const made = await this.#each(async (folder) => {
      const path = await folder.make();
      return { path, held: (await folder.pin(key)) !== undefined };
    });
    assertDistinct(made.flatMap(({ value }) => value?.path ?? []));
    const failure = made.find((it) => it.failure)?.failure;
    const usable = made.filter(({ value }) => value);
    if (failure && usable.length < min) throw failure;
    const rank = ({ folder, value }: (typeof made)[number]) =>
      (value?.held ? 2 : 0) + (pin.allocations?.includes(folder.peer.peer) ? 1 : 0);
    const open = pin.nowhereElse ? usable.filter((each) => rank(each) > 0) : usable;
    this.#assertEnough(open.length, min);
    const ranked = open.toSorted((a, b) => rank(b) - rank(a)).map(({ folder }) => folder);
    for (const folder of ranked.slice(max)) await folder.forget(key);
    for (const folder of ranked.slice(0, max)) await folder.remember(key, pin);
    for (const folder of ranked.slice(0, max)) await folder.fill(key, this.#fetch(folder, options));
  }

  #assertEnough(folders: number, min: number): void {
    if (min <= folders) return;
    const most = folders === 1 ? '1 copy' : `${folders} copies`;
    throw new PinningError('not-enough-peers', `${this.label}: expected at most ${most}, got ${min}`);
  }

  async unpin(cid: string, { signal }: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    throwIfStopped(signal, this.label);
    for (const folder of this.#folders) await folder.forget(key);
  }

  async recover(cid: string, options: CallOptions = {}): Promise<void> {
    const key = cidKey(cid);
    throwIfStopped(options.signal, this.label);
    await this.#each(async (folder) => {
      if (await folder.pin(key)) await folder.fill(key, this.#fetch(folder, options));
    });
  }

  async readBlock(peer: string, cid: string, { signal }: CallOptions = {}): Promise<Uint8Array | undefined> {
    throwIfStopped(signal, this.label);
    return this.#folder(peer).blocks.get(CID.parse(cidKey(cid)));
  }

  /** From the other folders, whose blocks are hashed before they are taken. */
  async repair(cid: string, lost: LostBlocks, options: CallOptions = {}): Promise<RepairReport> {
    const folder = this.#folder(lost.peer);
    const fetch = this.#fetch(folder, options);
    const left: string[] = [];
    for (const block of [...lost.damaged, ...lost.missing]) {
      const bytes = await fetch(CID.parse(cidKey(block)));
      if (bytes === undefined) left.push(block);
      else await folder.blocks.restore({ cid: block, bytes });
    }
    await folder.fill(cidKey(cid), fetch);
    const did = 'the blocks were copied again from another folder';
    if (left.length === 0) return { did };
    return { did, todo: `no other folder has ${left[0]}: get the content from elsewhere and pin it again` };
  }

  #folder(peer: string): CopyFolder {
    const folder = this.#folders.find((each) => each.peer.peer === peer);
    if (folder === undefined)
      throw new PinningError('invalid', `peer expected one of ${this.label}, got "${peer}"`);
    return folder;
  }

  /** Takes blocks, for example those of a CAR, into the first folder; a pin copies them to the others. Gives how many there were. */
  async putBlocks(
    blocks: AsyncIterable<Block> | Iterable<Block>,
    { signal }: CallOptions = {},
  ): Promise<number> {
    let count = 0;
    for await (const block of blocks) {
      throwIfStopped(signal, this.label);
      await this.#folders[0].blocks.put(block);
      count += 1;
    }
    return count;
  }

  /** Whether the first folder has a block and every block below it; their bytes are not read again. */
  async holds(cid: string, { signal }: CallOptions = {}): Promise<boolean> {
    for await (const { here } of this.#folders[0].blocks.walk(CID.parse(cidKey(cid)))) {
      throwIfStopped(signal, this.label);
      if (!here) return false;
    }
    return true;
  }

  /** The bytes of a block that is here. */
  async getBlock(cid: string): Promise<Uint8Array | undefined> {
    const parsed = CID.parse(cidKey(cid));
    for (const { blocks } of this.#folders) {
      const bytes = await blocks.get(parsed);
      if (bytes) return bytes;
    }
    return undefined;
  }

  /** Removes the blocks and the records of what is not pinned any more. Gives how many blocks went. */
  async collectGarbage({ signal }: CallOptions = {}): Promise<number> {
    let removed = 0;
    for (const folder of this.#folders) {
      throwIfStopped(signal, this.label);
      removed += await folder.collectGarbage();
    }
    return removed;
  }

  async #copies(key: string, found: readonly Found<{ pin: WantedPin | undefined }>[]): Promise<PeerCopy[]> {
    const copies = await Promise.all(
      found.map(async ({ folder, value, failure }): Promise<PeerCopy> => {
        if (failure) return { ...folder.peer, state: 'down', error: failure.message };
        return value?.pin ? folder.copy(key) : { ...folder.peer, state: 'absent' };
      }),
    );
    // Nothing to wait for: what is missing is in another folder, and `recover` gets it.
    const complete = copies.some(({ state }) => state === 'pinned');
    return copies.map((copy) => (complete && copy.state === 'queued' ? { ...copy, state: 'error' } : copy));
  }

  async #recorded(): Promise<Set<string>> {
    const found = await this.#each((folder) => folder.recorded());
    return new Set(found.flatMap(({ value }) => value ?? []));
  }

  /** From the other folders, then from where the caller gets blocks. What is not what its CID says counts as missing. */
  #fetch(to: CopyFolder, options: CallOptions): BlockFetch {
    return async (cid) => {
      throwIfStopped(options.signal, this.label);
      for (const other of this.#folders) {
        if (other === to) continue;
        const bytes = await other.blocks.intact(cid).catch(ignoreFailure);
        if (bytes) return bytes;
      }
      return this.#fetchBlock?.(cid.toString(), options);
    };
  }

  /** What each folder answers. One that fails is a finding; where all fail, that is the answer. */
  async #each<T>(ask: (folder: CopyFolder) => Promise<T>): Promise<Found<T>[]> {
    const found = await Promise.all(
      this.#folders.map(async (folder): Promise<Found<T>> => {
        try {
          return { folder, value: await ask(folder) };
        } catch (error) {
          if (!(error instanceof PinningError) || isStop(error)) throw error;
          return { folder, failure: error };
        }
      }),
    );
    const [first] = found;
    if (first?.failure && found.every(({ failure }) => failure)) throw first.failure;
    return found;
  }
}

interface Found<T> {
  readonly folder: CopyFolder;
  readonly value?: T;
  readonly failure?: PinningError;
}

/** One folder under two names would pass for two copies. */
function assertDistinct(paths: readonly string[]): void {
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice === undefined) return;
  throw new PinningError(
    'invalid',
    `folder expected a folder once, got ${twice} twice: that would count one copy as two`,
  );
}

function ignoreFailure(error: unknown): undefined {
  if (!(error instanceof PinningError)) throw error;
}

function isStop({ code }: PinningError): boolean {
  return code === 'aborted' || code === 'timeout';
}

function throwIfStopped(signal: AbortSignal | undefined, label: string): void {
  if (!signal?.aborted) return;
  const timeout = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  throw new PinningError(timeout ? 'timeout' : 'aborted', `${label}: the caller stopped the call`);
}
