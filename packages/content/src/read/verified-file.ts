import type { ContentCid } from '../dag/link-cid.ts';
import { type FileNode, invalid, readUnixFs } from '../dag/unixfs-node.ts';

export interface BlockSupply {
  /** Gives the verified block of a CID; `offset` and `size` say which bytes of the file are below it. */
  get(cid: ContentCid, offset: number, size: number): Promise<Uint8Array>;
  /**
   * The most blocks to ask for at once; it begins with a few, so that a run that breaks early has lost little. With 1 they are asked for
   * strictly depth first, as a CAR has them.
   */
  readonly window: number;
}

/** Asked for at once at the beginning, and one more for each that came. */
const firstBlocks = 4;
/** The balanced layout of 2^53 bytes in chunks of 256 KiB with 174 links is 6 levels high. */
const maxHeight = 8;

/** Bytes `start` to `end` of a file, the last not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const whole: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY };

/** The bytes of a file in order, each block checked against the size that its parent gave it; of a range, only its blocks. */
export async function* fileBytes(
  cid: ContentCid,
  block: Uint8Array,
  blocks: BlockSupply,
  range: ByteRange = whole,
): AsyncGenerator<Uint8Array, void> {
  yield* subtree({ cid, block, size: undefined, offset: 0, height: 0 }, blocks, range);
}

interface Subtree {
  readonly cid: ContentCid;
  readonly block: Uint8Array;
  readonly size: number | undefined;
  readonly offset: number;
  readonly height: number;
}

async function* subtree(
  tree: Subtree,
  blocks: BlockSupply,
  range: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  const { cid, block, size: expected, height, offset } = tree;
  const node = readUnixFs(cid, block);
  if (node.kind === 'directory') throw invalid('a file, got a folder');
  const size = node.kind === 'leaf' ? node.bytes.length : node.size;
  if (expected !== undefined && size !== expected)
    throw invalid(`${expected} bytes below a link, got ${size}`);
  if (node.kind === 'leaf') {
    const part = node.bytes.subarray(Math.max(0, range.start - offset), Math.max(0, range.end - offset));
    if (part.length > 0) yield part;
    return;
  }
  if (height >= maxHeight) throw invalid(`a file of at most ${maxHeight} levels`);

  const children = placed(node.children, offset).filter(
    // Of a whole file the empty ones too: they may not be what they should.
    (child) => range === whole || (child.offset < range.end && child.offset + child.size > range.start),
  );
  const ahead: Promise<Uint8Array>[] = [];
  for (const [i, child] of children.entries()) {
    for (const next of children.slice(i + ahead.length, i + Math.min(blocks.window, firstBlocks + i))) {
      const block = blocks.get(next.cid, next.offset, next.size);
      // It is awaited in its turn. If an earlier one fails first, its own failure goes unreported.
      block.catch(() => undefined);
      ahead.push(block);
    }
    const block = (await ahead.shift()) as Uint8Array;
    yield* subtree({ ...child, block, height: height + 1 }, blocks, range);
  }
}

function placed(
  children: FileNode['children'],
  start: number,
): { cid: ContentCid; size: number; offset: number }[] {
  let offset = start;
  return children.map(({ cid, size }) => {
    offset += size;
    return { cid, size, offset: offset - size };
  });
}
