import { join } from 'node:path';
import type { Clock } from '@holdfast/http';
import { CID } from 'multiformats/cid';
import type { PeerCopy } from '../../target/pin-state.ts';
import type { WantedPin } from '../../target/target.ts';
import { decodeRecord, encodeRecord } from '../pin-record.ts';
import { BlockFolder } from './block-folder.ts';
import { exists, freeBytes, makeFolder, names, readWhole, realPath, remove, writeWhole } from './files.ts';

const rawCodec = 0x55;

/** Gives a block that a folder lacks, or undefined where nobody has it. */
export type BlockFetch = (cid: CID) => Promise<Uint8Array | undefined>;

/** One folder: at most one copy of each CID, and beside it what was asked for. */
export class CopyFolder {
  readonly path: string;
  readonly blocks: BlockFolder;
  readonly peer: { readonly peer: string; readonly name: string };
  readonly #clock: Clock;
  readonly #pins: string;

  constructor(path: string, peer: CopyFolder['peer'], clock: Clock) {
    this.path = path;
    this.peer = peer;
    this.blocks = new BlockFolder(join(path, 'blocks'));
    this.#pins = join(path, 'pins');
    this.#clock = clock;
  }

  /** Fails where the path is a file. */
  async freeSpace(): Promise<number> {
    await exists(this.#pins);
    return freeBytes(this.path);
  }

  /** Makes the folder where it is missing, and gives the one place on the disk that it is. */
  async make(): Promise<string> {
    await makeFolder(this.#pins);
    return realPath(this.path);
  }

  /** The CIDs that have a record, ended or not. */
  async recorded(): Promise<string[]> {
    const files = await names(this.#pins);
    return files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  }

  /** What was asked for and has not ended. */
  async pin(key: string): Promise<WantedPin | undefined> {
    const json = await readWhole(this.#record(key));
    const pin = json === undefined ? undefined : decodeRecord(json.toString('utf8'))?.pin;
    const ended = pin?.expires !== undefined && Date.parse(pin.expires) <= this.#clock.now();
    return ended ? undefined : pin;
  }

  async remember(key: string, pin: WantedPin): Promise<void> {
    await writeWhole(this.#record(key), encodeRecord({ pin, found: false }));
  }

  async forget(key: string): Promise<void> {
    await remove(this.#record(key));
  }

  async copy(key: string): Promise<PeerCopy> {
    for await (const { cid, here } of this.blocks.walk(CID.parse(key))) {
      if (!here)
        return { ...this.peer, state: 'queued', raw: 'waiting', error: `block ${cid} is not here yet` };
    }
    return { ...this.peer, state: 'pinned' };
  }

  /** Gets what is missing of a copy, as far as somebody has it. */
  async fill(key: string, fetch: BlockFetch): Promise<void> {
    for await (const { cid, here } of this.blocks.walk(CID.parse(key))) {
      if (here) continue;
      const bytes = await fetch(cid);
      if (bytes) await this.blocks.restore({ cid: cid.toString(), bytes });
    }
  }

  /** Removes the records that have ended, and the blocks that no other record needs. Gives how many blocks went. */
  async collectGarbage(): Promise<number> {
    const kept = new Set<string>();
    for (const key of await this.recorded()) {
      if (!(await this.pin(key))) await this.forget(key);
      else
        for await (const { cid, here } of this.blocks.walk(CID.parse(key))) {
          // What hangs below a node that is not here is not known, and may be the last copy there is.
          if (!here && cid.code !== rawCodec) return 0;
          kept.add(this.blocks.name(cid));
        }
    }
    return this.blocks.retain(kept);
  }

  #record(key: string): string {
    return join(this.#pins, `${key}.json`);
  }
}
