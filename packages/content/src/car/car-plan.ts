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

/** A subtree that is not opened yet. */
export interface Subtree {
  readonly cid: ContentCid;
  readonly inFile?: InFile;
}

/** Where in a file a subtree is. `leaf` is the index of its first leaf, `height` its levels above the leaves. */
interface InFile {
  readonly source: FileSource;
  readonly nodes: ReadonlyMap<string, Uint8Array>;
  readonly leaf: number;
  readonly height: number;
}

export interface OpenedSubtree {
  readonly block: PlannedBlock;
  readonly children: readonly Subtree[];
}

/** The DAG of a folder, opened block by block: the nodes of a file are built when it is reached. */
export class FolderTree {
  readonly root: Subtree;
  readonly #directories: ReadonlyMap<string, Uint8Array>;
  readonly #files: ReadonlyMap<string, FileSource>;
  readonly #profile: ImportProfile;

  constructor(digests: FolderDigests, profile: ImportProfile) {
    this.#profile = profile;
    this.#directories = new Map(
      digests.directories.map(({ digest, bytes }) => [blockKey({ codec: 'dag-pb', digest }), bytes]),
    );
    this.#files = new Map(digests.sources.map((source) => [blockKey(source.cid), source]));
    this.root = { cid: parseCid(digests.folder.cid) };
  }

  open({ cid, inFile }: Subtree): OpenedSubtree {
    const key = blockKey(cid);
    const directory = inFile === undefined ? this.#directories.get(key) : undefined;
    if (directory !== undefined) {
      const children = blockLinks(cid, directory).map((child) => ({ cid: child }));
      return { block: { cid, length: directory.length, bytes: directory }, children };
    }
    const file = inFile ?? openFile(this.#files.get(key) as FileSource, this.#profile);
    if (file.height === 0) return { block: plannedLeaf(cid, file, this.#profile), children: [] };
    const bytes = file.nodes.get(key) as Uint8Array;
    return {
      block: { cid, length: bytes.length, bytes },
      children: childrenInFile(cid, bytes, file, this.#profile),
    };
  }
}

/**
 * The blocks of a folder in the order of its CAR: depth first, parents before children, each block once where it
 * first occurs. It is the order of `ipfs dag export`, so a reader can check each block as it arrives.
 */
export function* carPlan(tree: FolderTree): Generator<PlannedBlock> {
  const seen = new Set<string>();
  const pending: Subtree[] = [tree.root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const key = blockKey(next.cid);
    if (seen.has(key)) continue;
    seen.add(key);
    const { block, children } = tree.open(next);
    yield block;
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i] as Subtree);
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
): Subtree[] {
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
