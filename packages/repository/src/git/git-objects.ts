import { RepositoryError } from '../objects/error.ts';
import type { Commit, ObjectSource, TreeEntry } from '../objects/object-source.ts';
import { parseCommit, parseTree } from '../objects/tree-object.ts';
import type { Git } from './git.ts';
import { type FoundObject, ObjectStream } from './object-stream.ts';

const maxCommitBytes = 1 << 20;
/** About the size of a folder with a million files. */
const maxTreeBytes = 1 << 26;

/** The objects of a clone. */
export class GitObjects implements ObjectSource {
  readonly #stream: ObjectStream;
  /** Two commits share most of their files. */
  readonly #sizes = new Map<string, Promise<number | undefined>>();

  constructor(git: Git) {
    this.#stream = new ObjectStream(git);
  }

  async commit(id: string): Promise<Commit | undefined> {
    const found = await this.#read('commit', id, maxCommitBytes);
    return found && parseCommit(id, found.bytes);
  }

  async tree(id: string): Promise<readonly TreeEntry[] | undefined> {
    const found = await this.#read('tree', id, maxTreeBytes);
    return found && parseTree(id, found.bytes);
  }

  async blobSize(id: string): Promise<number | undefined> {
    const asked =
      this.#sizes.get(id) ?? this.#stream.info(id).then((found) => found && ofType('blob', id, found).size);
    this.#sizes.set(id, asked);
    const size = await asked;
    // A missing object may be fetched later.
    if (size === undefined) this.#sizes.delete(id);
    return size;
  }

  async blob(id: string, maxBytes: number): Promise<Uint8Array | undefined> {
    return (await this.#read('blob', id, maxBytes))?.bytes;
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  async #read(type: string, id: string, maxBytes: number): Promise<FoundObject | undefined> {
    const found = await this.#stream.contents(id, maxBytes);
    return found && ofType(type, id, found);
  }
}

function ofType(type: string, id: string, found: FoundObject): FoundObject {
  if (found.type === type) return found;
  throw new RepositoryError('object-malformed', `object ${id} expected to be a ${type}, got a ${found.type}`);
}
