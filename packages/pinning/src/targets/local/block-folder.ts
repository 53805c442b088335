import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { PinningError } from '../../target/pinning-error.ts';
import { exists, isPart, makeFolder, names, readWhole, remove, writeWhole } from './files.ts';

export interface Block {
  readonly cid: string;
  readonly bytes: Uint8Array;
}

const sha256 = 0x12;
const rawCodec = 0x55;

/** Blocks as files, named by their hash: one block has one file, whatever the codec it is linked with. */
export class BlockFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps the block if it is what its CID says. */
  async put({ cid, bytes }: Block): Promise<void> {
    const parsed = CID.parse(cid);
    assertSupported(parsed);
    const digest = sha256Of(bytes);
    if (!isHashOf(digest, parsed)) {
      throw new PinningError(
        'invalid',
        `${cid}: expected bytes of that hash, got sha-256 ${digest.toString('hex')}`,
      );
    }
    const path = this.#path(parsed);
    if (await exists(path)) return;
    await makeFolder(join(path, '..'));
    await writeWhole(path, bytes);
  }

  async get(cid: CID): Promise<Uint8Array | undefined> {
    return readWhole(this.#path(cid));
  }

  /** The block, if it still is what its CID says. */
  async intact(cid: CID): Promise<Uint8Array | undefined> {
    const bytes = await this.get(cid);
    return bytes && isHashOf(sha256Of(bytes), cid) ? bytes : undefined;
  }

  /** Puts the right bytes in the place of what is there. */
  async restore(block: Block): Promise<void> {
    const cid = CID.parse(block.cid);
    if ((await this.has(cid)) && (await this.intact(cid)) === undefined) await remove(this.#path(cid));
    await this.put(block);
  }

  async has(cid: CID): Promise<boolean> {
    return exists(this.#path(cid));
  }

  /** Every CID below and with a root, each once, that can be reached through the blocks that are here. */
  async *walk(root: CID): AsyncGenerator<{ cid: CID; here: boolean }> {
    const seen = new Set<string>();
    const open = [root];
    for (let cid = open.pop(); cid; cid = open.pop()) {
      const key = cid.toString();
      if (seen.has(key)) continue;
      seen.add(key);
      assertSupported(cid);
      if (cid.code === rawCodec) {
        yield { cid, here: await this.has(cid) };
        continue;
      }
      // A node that was damaged leads nowhere: it counts as missing.
      const bytes = await this.intact(cid);
      yield { cid, here: bytes !== undefined };
      // Whoever listens may have brought it in the meantime.
      const now = bytes ?? (await this.intact(cid));
      if (now) open.push(...links(cid, now));
    }
  }

  /** Removes the blocks that are not to be kept, by the names of their files. */
  async retain(kept: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const group of await names(this.#folder)) {
      for (const name of await names(join(this.#folder, group))) {
        if (kept.has(name) || isPart(name)) continue;
        await remove(join(this.#folder, group, name));
        removed += 1;
      }
    }
    return removed;
  }

  /** The file's name of a block. */
  name(cid: CID): string {
    return Buffer.from(cid.multihash.digest).toString('hex');
  }

  #path(cid: CID): string {
    const name = this.name(cid);
    return join(this.#folder, name.slice(-2), name);
  }
}

function sha256Of(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function isHashOf(digest: Buffer, cid: CID): boolean {
  return digest.equals(cid.multihash.digest);
}

function links(cid: CID, bytes: Uint8Array): CID[] {
  try {
    return dagPb.decode(bytes).Links.map((link) => link.Hash);
  } catch (cause) {
    throw new PinningError('invalid', `${cid}: expected a dag-pb block, got other bytes`, { cause });
  }
}

function assertSupported(cid: CID): void {
  const known = cid.code === rawCodec || cid.code === dagPb.code;
  if (known && cid.multihash.code === sha256) return;
  throw new PinningError(
    'unsupported',
    `${cid}: expected dag-pb or raw with sha2-256, got codec 0x${cid.code.toString(16)} with hash 0x${cid.multihash.code.toString(16)}`,
  );
}
