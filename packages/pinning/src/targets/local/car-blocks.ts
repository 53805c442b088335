import { CID } from 'multiformats/cid';
import { PinningError } from '../../target/pinning-error.ts';

export interface Block {
  readonly cid: string;
  readonly bytes: Uint8Array;
}

// Blocks above 2 MiB do not travel over bitswap; a length field may claim anything.
const maxSectionBytes = 4 << 20;

/** The blocks of a CAR v1 (https://ipld.io/specs/transport/car/carv1/), one at a time, hashes not checked. */
export async function* carBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  const sections = carSections(source);
  const header = await sections.next();
  if (header.done) throw bad('a header', 'an empty file');
  for await (const section of sections) {
    let parts: [CID, Uint8Array];
    try {
      parts = CID.decodeFirst(section);
    } catch (cause) {
      throw new PinningError('invalid', 'CAR: expected a CID before each block, got other bytes', { cause });
    }
    yield { cid: parts[0].toString(), bytes: parts[1] };
  }
}

async function* carSections(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    buffer = buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffer, chunk]);
    for (let section = takeSection(buffer); section; section = takeSection(buffer)) {
      yield section.bytes;
      buffer = section.rest;
    }
  }
  if (buffer.length > 0) throw bad('a whole block at its end', `${buffer.length} bytes of one`);
}

function takeSection(buffer: Buffer): { bytes: Buffer; rest: Buffer } | undefined {
  let length = 0;
  for (let index = 0; index < buffer.length; index += 1) {
    const byte = buffer[index] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (length > maxSectionBytes) throw bad(`blocks of at most ${maxSectionBytes} bytes`, `${length}`);
    if (byte >= 0x80) continue;
    const end = index + 1 + length;
    if (buffer.length < end) return undefined;
    return { bytes: buffer.subarray(index + 1, end), rest: buffer.subarray(end) };
  }
  return undefined;
}

function bad(expected: string, got: string): PinningError {
  return new PinningError('invalid', `CAR: expected ${expected}, got ${got}`);
}
