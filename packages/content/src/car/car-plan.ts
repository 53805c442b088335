import { sha256 } from '@holdfast/manifest/sha256';
import { blockKey, blockLinks } from '../dag/block-links.ts';
import { buildFile, leafBlockSize } from '../dag/file-dag.ts';
import { type ContentCid, parseCid } from '../dag/link-cid.ts';
import type { FileSource, FolderDigests } from '../hash/hash-folder.ts';
import type { ImportProfile } from '../profile.ts';

/** One block of a CAR, before it is read: a node that is in memory, or a leaf that is a range of a file. */
export type PlannedBlock = PlannedNode | PlannedLeaf;

export interface PlannedNode {
  readonly cid: ContentCid;
  readonly length: number;
  readonly bytes: Uint8Array;
}

export interface PlannedLeaf {
  readonly cid: ContentCid;
  readonly length: number;
  readonly source: FileSource;
  readonly offset: number;
  /** Bytes of the file in this leaf; the block is longer where leaves are not raw. */
  readonly size: number;
}

/** A subtree still to be written. `leaf` is the index of its first leaf, `height` its levels above the leaves. */
type Pending = { readonly cid: ContentCid; readonly inFile?: InFile };

interface InFile {
  readonly source: FileSource;
  readonly nodes: ReadonlyMap<string, Uint8Array>;
  readonly leaf: number;
  readonly height: number;
}

/**
 * The blocks of a folder in the order of its CAR: depth first, parents before children, each block once where it
 * first occurs. It is the order of `ipfs dag export`, so a reader can check each block as it arrives.
 */
export function* carPlan(digests: FolderDigests, profile: ImportProfile): Generator<PlannedBlock> {
  const directories = new Map(
    digests.directories.map(({ digest, bytes }) => [blockKey({ codec: 'dag-pb', digest }), bytes]),
  );
  const files = new Map(digests.sources.map((source) => [blockKey(source.cid), source]));
  const seen = new Set<string>();
  const pending: Pending[] = [{ cid: parseCid(digests.folder.cid) }];

  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const key = blockKey(next.cid);
    if (seen.has(key)) continue;
    seen.add(key);
    const directory = next.inFile === undefined ? directories.get(key) : undefined;
    if (directory !== undefined) {
      yield { cid: next.cid, length: directory.length, bytes: directory };
      pending.push(
        ...blockLinks(next.cid, directory)
          .map((cid) => ({ cid }))
          .reverse(),
      );
      continue;
    }
    const inFile = next.inFile ?? openFile(files.get(key) as FileSource, profile);
    if (inFile.height === 0) {
      yield plannedLeaf(next.cid, inFile, profile);
      continue;
    }
    const bytes = inFile.nodes.get(key) as Uint8Array;
    yield { cid: next.cid, length: bytes.length, bytes };
    pending.push(...childrenInFile(next.cid, bytes, inFile, profile).reverse());
  }
}

function openFile(source: FileSource, profile: ImportProfile): InFile {
  const nodes = new Map<string, Uint8Array>();
  const emit = ({ digest, bytes }: { digest: Uint8Array; bytes: Uint8Array }): void => {
    nodes.set(blockKey({ codec: 'dag-pb', digest }), bytes);
  };
  buildFile(source.size, source.leaves, profile, { sha256, emit });
  let height = 0;
  for (let count = source.leaves.length / 32; count > 1; count = Math.ceil(count / profile.fileLinks))
    height += 1;
  return { source, nodes, leaf: 0, height };
}

function childrenInFile(
  cid: ContentCid,
  bytes: Uint8Array,
  parent: InFile,
  profile: ImportProfile,
): Pending[] {
  const span = profile.fileLinks ** (parent.height - 1);
  return blockLinks(cid, bytes).map((child, i) => {
    return { cid: child, inFile: { ...parent, leaf: parent.leaf + i * span, height: parent.height - 1 } };
  });
}

function plannedLeaf(cid: ContentCid, { source, leaf }: InFile, profile: ImportProfile): PlannedLeaf {
  const offset = leaf * profile.chunkSize;
  const size = Math.min(profile.chunkSize, source.size - offset);
  return { cid, length: leafBlockSize(size, profile), source, offset, size };
}
