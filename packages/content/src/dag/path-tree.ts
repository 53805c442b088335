import { ContentError } from '../error.ts';
import { byteOrder } from './byte-order.ts';

/** A folder as nested maps, made from paths alone. */
export interface PathTree<File> {
  readonly children: Map<string, PathTree<File> | Leaf<File>>;
}

export interface Leaf<File> {
  readonly file: File;
}

export function isLeaf<File>(node: PathTree<File> | Leaf<File>): node is Leaf<File> {
  return 'file' in node;
}

/** Refuses what no folder can hold: empty and dot segments, one path twice, a file where a folder is. */
export function pathTree<File extends { readonly path: string }>(files: Iterable<File>): PathTree<File> {
  const root: PathTree<File> = { children: new Map() };
  for (const file of files) {
    const segments = checkedSegments(file.path);
    const name = segments.pop() as string;
    let folder = root;
    for (const segment of segments) {
      let next = folder.children.get(segment);
      if (next === undefined) {
        next = { children: new Map() };
        folder.children.set(segment, next);
      }
      if (isLeaf(next)) throw conflict(file.path, `"${next.file.path}" is a file`);
      folder = next;
    }
    const taken = folder.children.get(name);
    if (taken !== undefined)
      throw conflict(file.path, isLeaf(taken) ? 'it is listed twice' : 'it is a folder as well');
    folder.children.set(name, { file });
  }
  return root;
}

/** The children in the order that dag-pb wants them. */
export function sortedChildren<File>(tree: PathTree<File>): [string, PathTree<File> | Leaf<File>][] {
  return [...tree.children].sort(([a], [b]) => byteOrder(a, b));
}

/** Deeper than any file system goes, and far from the depth at which recursion overflows the stack. */
const maxDepth = 1024;

function checkedSegments(path: string): string[] {
  const segments = path.split('/');
  if (segments.length > maxDepth) {
    throw new ContentError(
      'path-invalid',
      `"path" expected at most ${maxDepth} segments, got ${segments.length}`,
    );
  }
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..')
      throw invalid(path, 'a relative path without empty, "." or ".." segments');
  }
  if (!path.isWellFormed() || path.includes('\0')) throw invalid(path, 'well-formed Unicode without NUL');
  return segments;
}

function invalid(path: string, expected: string): ContentError {
  return new ContentError('path-invalid', `"path" expected ${expected}, got ${JSON.stringify(path)}`, {
    subject: path,
  });
}

function conflict(path: string, why: string): ContentError {
  return new ContentError('path-conflict', `${JSON.stringify(path)} cannot be in the folder: ${why}`, {
    subject: path,
  });
}
