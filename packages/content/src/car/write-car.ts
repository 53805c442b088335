import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { blockKey } from '../dag/block-links.ts';
import { parseCid } from '../dag/link-cid.ts';
import { ContentError } from '../error.ts';
import type { FolderHash } from '../hash/hash-folder.ts';
import { CarFrames } from './car-reader.ts';
import { type CarOptions, type FolderCar, openCar } from './folder-car.ts';

export interface WriteCarOptions extends Omit<CarOptions, 'resume'> {
  /** Continue the `.part` file of a run that broke: its blocks are checked, not written again. */
  readonly resume?: boolean;
}

export interface WrittenCar {
  readonly cid: string;
  readonly folder: FolderHash;
  readonly blocks: number;
  readonly bytes: number;
  /** Blocks that a former run had written. */
  readonly resumed: number;
}

/** Writes the CAR of a folder to a file. It is `<to>.part` until it is whole. */
export async function writeCar(path: string, to: string, options: WriteCarOptions = {}): Promise<WrittenCar> {
  const { resume, ...rest } = options;
  const car = await openCar(path, rest);
  const part = `${to}.part`;
  const kept = resume === true ? await keptBlocks(car, part) : nothing;
  await append(
    part,
    kept.end,
    kept.blocks === 0 ? car.read(rest) : car.frames({ ...rest, resume: kept.blocks }),
  );
  await rename(part, to).catch((cause: unknown) => {
    throw failed(to, cause);
  });
  return {
    cid: car.cid,
    folder: car.folder,
    blocks: car.blockCount,
    bytes: car.byteLength,
    resumed: kept.blocks,
  };
}

interface Kept {
  readonly blocks: number;
  readonly end: number;
}

const nothing: Kept = { blocks: 0, end: 0 };

/** How much of `part` is the start of this very CAR. A part of another one, or a broken end, is written over. */
async function keptBlocks(car: FolderCar, part: string): Promise<Kept> {
  const frames = new CarFrames(createReadStream(part, { highWaterMark: 1 << 20 }));
  let kept = nothing;
  try {
    const [root] = await frames.header();
    if (root === undefined || blockKey(root) !== blockKey(parseCid(car.cid))) return nothing;
    const plan = car.plan()[Symbol.iterator]();
    for await (const { cid, end } of frames.blocks()) {
      const planned = plan.next();
      if (planned.done === true || blockKey(planned.value.cid) !== blockKey(cid)) break;
      kept = { blocks: kept.blocks + 1, end };
    }
  } catch {
    // Whatever is wrong with the rest of the part, what was checked before it is good.
  } finally {
    await frames.close();
  }
  return kept;
}

async function append(part: string, from: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(part, from === 0 ? 'w' : 'r+').catch((cause: unknown) => {
    throw failed(part, cause);
  });
  try {
    await file.truncate(from);
    let at = from;
    for await (const chunk of chunks) {
      for (let written = 0; written < chunk.length; ) {
        const { bytesWritten } = await file
          .write(chunk, written, chunk.length - written, at)
          .catch((cause: unknown) => {
            throw failed(part, cause);
          });
        written += bytesWritten;
        at += bytesWritten;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function failed(path: string, cause: unknown): ContentError {
  return new ContentError('write-failed', `"${path}" could not be written: ${(cause as Error).message}`, {
    cause,
    subject: path,
  });
}
