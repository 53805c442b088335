import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { ContentError } from '../error.ts';
import type { BlockReader } from '../read/block-reader.ts';
import { fileBytes } from '../read/verified-file.ts';
import type { FoundFile } from '../read/verified-folder.ts';
import { LocalBlocks } from './local-blocks.ts';
import { openPart, type Target, writeFailed } from './target-folder.ts';

/** A small file is fetched again at the cost of flushing it, and a folder may have a million of them. */
const flushAbove = 1_048_576;

export interface WriteResult {
  readonly sha256: string;
  /** `present`: it was there already, and is right. */
  readonly status: 'written' | 'present';
}

/** Puts one file under its name once it is whole and verified. What is there of a former run is used. */
export async function writeFetched(
  file: FoundFile,
  target: Target,
  reader: BlockReader,
  expectedSha256: string | undefined,
  onBytes: (count: number) => void,
): Promise<WriteResult> {
  const present = await verifyPresent(file, target.final, reader, onBytes);
  if (present !== undefined) {
    checkSha256(file.path, expectedSha256, present);
    return { sha256: present, status: 'present' };
  }
  const handle = await openPart(target.part);
  let sha256: string;
  try {
    sha256 = await fillPart(file, target.part, handle, reader, onBytes);
  } finally {
    await handle.close();
  }
  if (expectedSha256 !== undefined && expectedSha256 !== sha256) await rm(target.part);
  checkSha256(file.path, expectedSha256, sha256);
  await rename(target.part, target.final).catch((cause: unknown) => {
    throw writeFailed(target.final, cause);
  });
  return { sha256, status: 'written' };
}

async function fillPart(
  file: FoundFile,
  part: string,
  handle: FileHandle,
  reader: BlockReader,
  onBytes: (count: number) => void,
): Promise<string> {
  const { size: have } = await handle.stat();
  const local = have === 0 ? undefined : new LocalBlocks(handle, have, reader);
  const chunks =
    local === undefined ? reader.file(file.cid, file.block) : fileBytes(file.cid, file.block, local);
  const whole = createHash('sha256');
  let offset = 0;
  for await (const chunk of chunks) {
    if (local?.took(offset) !== true) await writeAll(handle, chunk, offset, part);
    whole.update(chunk);
    offset += chunk.length;
    onBytes(chunk.length);
  }
  try {
    await handle.truncate(offset);
    if (offset > flushAbove) await handle.sync();
  } catch (cause) {
    throw writeFailed(part, cause);
  }
  return whole.digest('hex');
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, offset: number, part: string): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await handle
      .write(chunk, written, chunk.length - written, offset + written)
      .catch((cause: unknown) => {
        throw writeFailed(part, cause);
      });
    written += bytesWritten;
  }
}

/** The SHA-256 of a file that is there under its final name and is the wanted one; another file there is left alone. */
async function verifyPresent(
  file: FoundFile,
  final: string,
  reader: BlockReader,
  onBytes: (count: number) => void,
): Promise<string | undefined> {
  const found = await lstat(final).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size !== file.size) throw differs(final);
  const handle = await open(final, 'r');
  try {
    const whole = createHash('sha256');
    const local = new LocalBlocks(handle, found.size, reader);
    const own = Buffer.allocUnsafe(reader.maxBlockBytes);
    let offset = 0;
    for await (const chunk of fileBytes(file.cid, file.block, local)) {
      if (!local.took(offset)) {
        const { bytesRead } = await handle.read(own, 0, chunk.length, offset);
        if (Buffer.compare(own.subarray(0, bytesRead), chunk) !== 0) throw differs(final);
      }
      whole.update(chunk);
      offset += chunk.length;
      onBytes(chunk.length);
    }
    return whole.digest('hex');
  } finally {
    await handle.close();
  }
}

function differs(final: string): ContentError {
  return new ContentError(
    'target-exists',
    `"${final}" already exists with different content: move it away or choose another folder`,
    { subject: final },
  );
}

function checkSha256(path: string, expected: string | undefined, got: string): void {
  if (expected === undefined || expected === got) return;
  throw new ContentError('digest-mismatch', `"${path}" expected sha256 ${expected}, got ${got}`, {
    subject: path,
  });
}
