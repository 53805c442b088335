import { createHash } from 'node:crypto';
import { RepositoryError } from '../objects/error.ts';
import { isObjectId } from '../objects/object-id.ts';
import type { Commit, EntryMode, ObjectSource, TreeEntry } from '../objects/object-source.ts';
import { field, list, objectId, unexpected } from './github-answer.ts';

/** The parsed JSON of a GET, or `undefined` for 404. Deadlines, retries and the token are the caller's. */
export type GitHubRead = (path: string) => Promise<unknown>;

/** GitHub asks clients to send few requests at a time. */
const atOnce = 8;

/** The objects of a repository on GitHub, through the Git database of its REST API, where no clone has them. */
export class GitHubObjects implements ObjectSource {
  readonly #prefix: string;
  readonly #read: GitHubRead;
  readonly #sizes = new Map<string, number>();
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(repository: string, read: GitHubRead) {
    if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository)) {
      throw new TypeError(`repository expected "owner/name", got ${JSON.stringify(repository)}`);
    }
    this.#prefix = `/repos/${repository}`;
    this.#read = read;
  }

  async commit(id: string): Promise<Commit | undefined> {
    const answer = await this.#get('commits', id);
    if (answer === undefined) return undefined;
    const parents = list(field(answer, 'parents')).map((parent) => objectId(field(parent, 'sha')));
    return { id, tree: objectId(field(field(answer, 'tree'), 'sha')), parents };
  }

  async tree(id: string): Promise<readonly TreeEntry[] | undefined> {
    const answer = await this.#get('trees', id);
    if (answer === undefined) return undefined;
    // GitHub cuts a folder at 100,000 entries; half a folder must not pass for a whole one.
    if (field(answer, 'truncated') !== false)
      throw new RepositoryError(
        'api-failed',
        `GitHub sent only a part of tree ${id}; check out the repository instead`,
      );
    return list(field(answer, 'tree')).map((entry) => this.#entry(entry));
  }

  async blobSize(id: string): Promise<number | undefined> {
    const known = this.#sizes.get(id);
    if (known !== undefined) return known;
    const size = field(await this.#get('blobs', id), 'size');
    return typeof size === 'number' ? size : undefined;
  }

  async blob(id: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const size = this.#sizes.get(id);
    if (size !== undefined && size > maxBytes) {
      throw new RepositoryError('too-large', `blob ${id} expected at most ${maxBytes} bytes, got ${size}`);
    }
    const answer = await this.#get('blobs', id);
    if (answer === undefined) return undefined;
    const content = field(answer, 'content');
    if (field(answer, 'encoding') !== 'base64' || typeof content !== 'string') throw unexpected(`blob ${id}`);
    const bytes = Buffer.from(content, 'base64');
    if (blobId(bytes, id.length) !== id) throw unexpected(`blob ${id}`);
    return bytes;
  }

  async #get(kind: string, id: string): Promise<unknown> {
    if (!isObjectId(id))
      throw new TypeError(`object id expected 40 or 64 hex digits, got ${JSON.stringify(id)}`);
    return this.read(`/git/${kind}/${id}`);
  }

  /** GETs a path below the repository's. */
  protected async read(path: string): Promise<unknown> {
    while (this.#running >= atOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
    try {
      return await this.#read(this.#prefix + path);
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  #entry(entry: unknown): TreeEntry {
    const [name, mode, size] = [field(entry, 'path'), field(entry, 'mode'), field(entry, 'size')];
    const id = objectId(field(entry, 'sha'));
    if (
      typeof name !== 'string' ||
      typeof mode !== 'string' ||
      !/^(?:100644|100755|120000|160000|040000)$/.test(mode)
    ) {
      throw unexpected('a tree');
    }
    if (typeof size === 'number') this.#sizes.set(id, size);
    const odd = /^(?:|\.|\.\.|\.git)$/i.test(name) || name.includes('/') || name.includes('\ufffd');
    return { mode: mode as EntryMode, name, id, ...(odd && { odd: true as const }) };
  }
}

/** The id that git gives these bytes: the API's answer is checked. */
function blobId(bytes: Uint8Array, length: number): string {
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}
