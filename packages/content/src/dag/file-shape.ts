import type { ImportProfile } from '../profile.ts';
import { dataLength, linkLength } from './dag-node.ts';
import { leafBlockSize } from './file-dag.ts';
import type { Codec } from './link-cid.ts';
import { varintLength } from './varint.ts';

/** What the bytes of a file cannot change about its DAG: the balanced layout depends on the size alone. */
export interface FileShape {
  readonly codec: Codec;
  /** Bytes of all blocks: the `Tsize` of a link to the file. */
  readonly dagSize: number;
}

interface Subtree {
  readonly size: number;
  readonly dagSize: number;
}

export function fileShape(size: number, profile: ImportProfile): FileShape {
  const chunks = Math.max(1, Math.ceil(size / profile.chunkSize));
  const codec = chunks === 1 && profile.rawLeaves ? 'raw' : 'dag-pb';
  const last = leaf(size - (chunks - 1) * profile.chunkSize, profile);
  if (chunks === 1) return { codec, dagSize: last.dagSize };

  // At each level every subtree but the last is full, so two of them describe the level.
  let level = { count: chunks, full: leaf(profile.chunkSize, profile), last };
  while (level.count > 1) {
    const count = Math.ceil(level.count / profile.fileLinks);
    const lastLinks = level.count - (count - 1) * profile.fileLinks;
    level = {
      count,
      full: parent(level.full, profile.fileLinks, level.full, profile),
      last: parent(level.full, lastLinks, level.last, profile),
    };
  }
  return { codec, dagSize: level.last.dagSize };
}

function leaf(size: number, profile: ImportProfile): Subtree {
  return { size, dagSize: leafBlockSize(size, profile) };
}

function parent(full: Subtree, links: number, last: Subtree, profile: ImportProfile): Subtree {
  const before = links - 1;
  const size = before * full.size + last.size;
  const cidLength = profile.cidVersion === 0 ? 34 : 36;
  const block =
    before * linkLength(cidLength, 0, full.dagSize) +
    linkLength(cidLength, 0, last.dagSize) +
    dataLength(
      2 + 1 + varintLength(size) + before * (1 + varintLength(full.size)) + 1 + varintLength(last.size),
    );
  return { size, dagSize: before * full.dagSize + last.dagSize + block };
}
