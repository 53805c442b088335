import { ContentError } from '../error.ts';
import type { ImportProfile } from '../profile.ts';
import { byteOrder } from './byte-order.ts';
import { type BuiltDirectory, buildDirectory, type DirectoryPort } from './directory.ts';
import { fileShape } from './file-shape.ts';
import type { ContentCid } from './link-cid.ts';
import { LinkTable } from './link-table.ts';
import { isSegment, pathSegments } from './paths.ts';

/** A file as a folder's DAG sees it: its bytes are only a digest any more. */
export interface FolderFile {
  readonly path: string;
  readonly size: number;
  readonly cid: ContentCid;
}

/**
 * Builds every directory of a folder from its files, which come in byte order of their paths: only the folders that
 * are open at a time are in memory.
 */
export class FolderDag {
  readonly #profile: ImportProfile;
  readonly #port: DirectoryPort;
  /** The folders on the way to the last file; the root has no name. */
  readonly #names: string[] = [''];
  readonly #tables: LinkTable[];
  #last: string | undefined;
  /** The folder of the last file, with its `/`. */
  #folder = '';

  constructor(profile: ImportProfile, port: DirectoryPort) {
    this.#profile = profile;
    this.#port = port;
    this.#tables = [new LinkTable(profile)];
  }

  add(file: FolderFile): void {
    const at = file.path.lastIndexOf('/') + 1;
    const name = file.path.slice(at);
    const isBeside = this.#last !== undefined && this.#folder === file.path.slice(0, at) && isSegment(name);
    if (!isBeside) this.#enter(file.path, at);
    this.#checkOrder(file.path);
    this.#top().add(name, file.cid, dagSize(file, this.#profile));
  }

  /** Closes and opens folders on the way to a file. Most files are beside the one before, and need none of it. */
  #enter(path: string, at: number): void {
    const folders = pathSegments(path).slice(0, -1);
    let shared = 0;
    while (shared < folders.length && this.#names[shared + 1] === folders[shared]) shared++;
    while (this.#names.length - 1 > shared) this.#close();
    for (const folder of folders.slice(shared)) this.#open(folder);
    this.#folder = path.slice(0, at);
  }

  /** The root, once every file was added. */
  finish(): BuiltDirectory {
    while (this.#names.length > 1) this.#close();
    return buildDirectory(this.#top(), this.#profile, this.#port);
  }

  #checkOrder(path: string): void {
    const last = this.#last;
    this.#last = path;
    const order = last === undefined ? -1 : byteOrder(last, path);
    if (order < 0) return;
    const [code, why] =
      order === 0
        ? (['path-conflict', 'cannot be in the folder: it is listed twice'] as const)
        : (['path-invalid', `comes after ${JSON.stringify(last)}; expected paths in byte order`] as const);
    throw new ContentError(code, `${JSON.stringify(path)} ${why}`, { subject: path });
  }

  #open(name: string): void {
    const depth = this.#names.push(name) - 1;
    const table = this.#tables[depth];
    if (table === undefined) this.#tables.push(new LinkTable(this.#profile));
    else table.clear();
  }

  #close(): void {
    const { digest, dagSize } = buildDirectory(this.#top(), this.#profile, this.#port);
    const name = this.#names.pop() as string;
    this.#top().add(name, { codec: 'dag-pb', digest }, dagSize);
  }

  #top(): LinkTable {
    return this.#tables[this.#names.length - 1] as LinkTable;
  }
}

/** The root of files in any order. */
export function buildFolder(
  files: Iterable<FolderFile>,
  profile: ImportProfile,
  port: DirectoryPort,
): BuiltDirectory {
  const dag = new FolderDag(profile, port);
  for (const file of [...files].sort((a, b) => byteOrder(a.path, b.path))) dag.add(file);
  return dag.finish();
}

function dagSize({ path, size, cid }: FolderFile, profile: ImportProfile): number {
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
  return shape.dagSize;
}
