import { createHash } from 'node:crypto';
import { CID } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';
import type { Block } from '../../src/targets/local/block-folder.ts';

/** A file of one raw block. */
export function leafOf(bytes: Uint8Array): Block {
  return blockOf(0x55, bytes);
}

export function blockOf(codec: number, bytes: Uint8Array): Block {
  const digest = create(0x12, createHash('sha256').update(bytes).digest());
  return { cid: CID.create(1, codec, digest).toString(), bytes };
}

/** A CAR v1 in pieces, whose root is the first block; with more roots it is one that nobody takes. */
export async function* carOf(
  blocks: readonly Block[],
  pieceBytes: number,
  roots = 1,
): AsyncGenerator<Uint8Array> {
  const bytes = carBytes(blocks, roots);
  for (let start = 0; start < bytes.length; start += pieceBytes)
    yield bytes.subarray(start, start + pieceBytes);
}

export function carBytes(blocks: readonly Block[], roots = 1): Uint8Array {
  const root = CID.parse(blocks[0]?.cid ?? '').bytes;
  // DAG-CBOR: {"roots": [42(0x00 + CID), …], "version": 1}
  const link = [0xd8, 0x2a, 0x58, root.length + 1, 0, ...root];
  const links = Array.from({ length: roots }, () => link).flat();
  const header = [0xa2, 0x65, ...ascii('roots'), 0x80 + roots, ...links, 0x67, ...ascii('version'), 1];
  const sections = blocks.map(({ cid, bytes }) => Buffer.concat([CID.parse(cid).bytes, bytes]));
  return Buffer.concat([Buffer.from(header), ...sections].flatMap((it) => [varint(it.length), it]));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, 'ascii')];
}
