import type { Link } from './dag-node.ts';
import { type BuiltDirectory, buildDirectory, type NodeBlock } from './directory.ts';
import { ContentError } from './error.ts';
import { fileShape } from './file-shape.ts';
import { cidText, linkCid, parseCid } from './link-cid.ts';
import { isLeaf, type PathTree, pathTree, sortedChildren } from './path-tree.ts';
import { defaultProfile, type Profile, type ProfileName, profileOf } from './profile.ts';
import { sha256 } from './sha256.ts';

export interface RootFile {
  /** Relative, with `/` between segments. */
  readonly path: string;
  readonly size: number;
  readonly cid: string;
}

export interface Root {
  /** CIDv1 in base32, under either profile. */
  readonly cid: string;
  /** Bytes of all blocks of the DAG: what Kubo calls the cumulative size. */
  readonly dagSize: number;
}

export interface RootOptions {
  /** Called for each directory block, children before parents. */
  readonly onBlock?: (block: NodeBlock) => void;
}

const utf8 = new TextEncoder();

/**
 * The root CID of a folder from its file list alone. Pure: no bytes of any file are needed, because the size of a
 * file gives the shape of its DAG, and the shapes give the sizes that the directories' links carry.
 */
export function rootFromFiles(
  files: readonly RootFile[],
  profile: ProfileName = defaultProfile,
  options: RootOptions = {},
): Root {
  const { onBlock } = options;
  const port = onBlock === undefined ? { sha256 } : { sha256, emit: onBlock };
  const built = buildFolder(pathTree(files), profileOf(profile), port);
  return { cid: cidText('dag-pb', built.digest), dagSize: built.dagSize };
}

function buildFolder(
  folder: PathTree<RootFile>,
  profile: Profile,
  port: Parameters<typeof buildDirectory>[2],
): BuiltDirectory {
  const links = sortedChildren(folder).map(([name, child]): Link => {
    if (isLeaf(child)) return fileLink(utf8.encode(name), child.file, profile);
    const { digest, dagSize } = buildFolder(child, profile, port);
    return { name: utf8.encode(name), cid: linkCid('dag-pb', digest, profile), tsize: dagSize };
  });
  return buildDirectory(links, profile, port);
}

function fileLink(name: Uint8Array, file: RootFile, profile: Profile): Link {
  if (!Number.isSafeInteger(file.size) || file.size < 0) {
    throw new ContentError(
      'size-invalid',
      `"${file.path}" expected a size of 0 or more bytes, got ${file.size}`,
      {
        subject: file.path,
      },
    );
  }
  const { codec, digest } = parseCid(file.cid);
  const shape = fileShape(file.size, profile);
  if (codec !== shape.codec) {
    throw new ContentError(
      'profile-mismatch',
      `"${file.path}" of ${file.size} bytes expected a ${shape.codec} CID under ${profile.name}, got ${codec}: ${file.cid}`,
      { subject: file.path },
    );
  }
  return { name, cid: linkCid(codec, digest, profile), tsize: shape.dagSize };
}
