import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { draftEnding, makeFolder, replaceFile } from '@holdfast/manifest/replace-file';
import { systemReason } from '@holdfast/manifest/text';

/** Writes a whole file or nothing: a reader never sees half of it, and a full disk leaves the old one. */
export async function writeWhole(place: string, text: string, mode?: number): Promise<void> {
  try {
    await makeFolder(dirname(place));
    await replaceFile(place, text, mode);
  } catch (error) {
    throw unwritten(place, error as NodeJS.ErrnoException);
  }
}

/** The same for a text that comes in pieces and may be longer than memory. */
export async function writeChunks(
  place: string,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  const part = `${place}.${randomUUID().slice(0, 13)}${draftEnding}`;
  try {
    await makeFolder(dirname(place));
    await pipeline(Readable.from(inPieces(chunks)), createWriteStream(part, { flags: 'wx', flush: true }));
    await rename(part, place);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw unwritten(place, error as NodeJS.ErrnoException);
  }
}

const pieceLength = 64 << 10;

/** A line at a time would cost a turn of the event loop each; bytes come in pieces already. */
export async function* inPieces(
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  let piece = '';
  for await (const chunk of chunks) {
    if (typeof chunk !== 'string') {
      yield chunk;
      continue;
    }
    piece += chunk;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** The system reports a full disk without the file; a person wants to know which one is missing. */
export function unwritten(what: string, error: NodeJS.ErrnoException): Error {
  const message = `${what} was not written: ${systemReason(error)}`;
  return Object.assign(new Error(message, { cause: error }), { code: error.code });
}
