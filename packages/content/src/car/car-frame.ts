import { varintLength, writeVarint } from '../dag/varint.ts';

/** `{ roots: [cid], version: 1 }` in DAG-CBOR, after its length: the start of every CARv1 (https://ipld.io/specs/transport/car/carv1/). */
export function carHeader(root: Uint8Array): Uint8Array {
  const text = (word: string): number[] => [0x60 | word.length, ...new TextEncoder().encode(word)];
  const link = [0xd8, 0x2a, 0x58, root.length + 1, 0x00, ...root];
  const header = [0xa2, ...text('roots'), 0x81, ...link, ...text('version'), 0x01];
  return Uint8Array.of(header.length, ...header);
}

export function frameLength(cidLength: number, blockLength: number): number {
  return varintLength(cidLength + blockLength) + cidLength + blockLength;
}

/** What stands before a block: the length of the section, and the block's CID. */
export function frameHead(cid: Uint8Array, blockLength: number): Uint8Array {
  const section = cid.length + blockLength;
  const head = new Uint8Array(varintLength(section) + cid.length);
  head.set(cid, writeVarint(head, 0, section));
  return head;
}
