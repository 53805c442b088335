import { varintLength, writeVarint } from './varint.ts';

/** A link as dag-pb stores it: `cid` is the binary form that the profile puts inside the DAG. */
export interface Link {
  readonly cid: Uint8Array;
  readonly name: Uint8Array;
  /** Bytes of the whole DAG below, blocks counted as often as they are linked. */
  readonly tsize: number;
}

/** The bytes that one link adds to a node: what IPIP-0499's block estimate adds up. */
export function linkLength(cidLength: number, nameLength: number, tsize: number): number {
  const inner = linkInnerLength(cidLength, nameLength, tsize);
  return 1 + varintLength(inner) + inner;
}

function linkInnerLength(cidLength: number, nameLength: number, tsize: number): number {
  return (
    1 +
    varintLength(cidLength) +
    cidLength +
    1 +
    varintLength(nameLength) +
    nameLength +
    1 +
    varintLength(tsize)
  );
}

export function dataLength(data: number): number {
  return 1 + varintLength(data) + data;
}

/**
 * The canonical dag-pb form (https://ipld.io/specs/codecs/dag-pb/spec/) of a node whose links are already in order.
 * `@ipld/dag-pb` makes the same bytes (a test holds them together) at a tenth of the speed.
 */
export function encodeNode(links: readonly Link[], data: Uint8Array): Uint8Array {
  let length = dataLength(data.length);
  for (const link of links) length += linkLength(link.cid.length, link.name.length, link.tsize);

  const node = new Uint8Array(length);
  let at = 0;
  for (const { cid, name, tsize } of links) {
    node[at++] = 0x12;
    at = writeVarint(node, at, linkInnerLength(cid.length, name.length, tsize));
    node[at++] = 0x0a;
    at = writeVarint(node, at, cid.length);
    node.set(cid, at);
    at += cid.length;
    node[at++] = 0x12;
    at = writeVarint(node, at, name.length);
    node.set(name, at);
    at += name.length;
    node[at++] = 0x18;
    at = writeVarint(node, at, tsize);
  }
  node[at++] = 0x0a;
  at = writeVarint(node, at, data.length);
  node.set(data, at);
  return node;
}
