import { ContentError } from '../error.ts';
import type { ImportProfile } from '../profile.ts';
import type { Link } from './dag-node.ts';
import { type BuiltDirectory, buildDirectory, type DirectoryPort } from './directory.ts';
import { fileShape } from './file-shape.ts';
import { type ContentCid, linkCid } from './link-cid.ts';
import { isLeaf, type PathTree, pathTree, sortedChildren } from './path-tree.ts';

/** A file as a folder's DAG sees it: its bytes are only a digest any more. */
export interface FolderFile {
  readonly path: string;
  readonly size: number;
  readonly cid: ContentCid;
}

const utf8 = new TextEncoder();

/** Builds every directory from the leaves up and gives the root. */
export function buildFolder(
  files: Iterable<FolderFile>,
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltDirectory {
  return buildTree(pathTree(files), profile, port);
}

function buildTree(
  folder: PathTree<FolderFile>,
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltDirectory {
  const links = sortedChildren(folder).map(([text, child]): Link => {
    const name = utf8.encode(text);
    if (isLeaf(child)) return fileLink(name, child.file, profile);
    const { digest, dagSize } = buildTree(child, profile, port);
    return { name, cid: linkCid('dag-pb', digest, profile), tsize: dagSize };
  });
  return buildDirectory(links, profile, port);
}

function fileLink(name: Uint8Array, { path, size, cid }: FolderFile, profile: ImportProfile): Link {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ContentError('size-invalid', `"${path}" expected a size of 0 or more bytes, got ${size}`, {
      subject: path,
    });
  }
  const shape = fileShape(size, profile);
  if (cid.codec !== shape.codec) {
    throw new ContentError(
      'profile-mismatch',
      `"${path}" of ${size} bytes expected a ${shape.codec} CID under ${profile.name}, got a ${cid.codec} one`,
      { subject: path },
    );
  }
  return { name, cid: linkCid(cid.codec, cid.digest, profile), tsize: shape.dagSize };
}
