import { RepositoryError } from './error.ts';

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

export type EntryMode = '100644' | '100755' | '120000' | '160000' | '040000';

export interface TreeEntry {
  readonly mode: EntryMode;
  /** One segment. If it is not UTF-8, its bytes are written as `\xNN`, and `odd` is set. */
  readonly name: string;
  readonly id: string;
  /** No checkout can write this name, or it looks like another one. */
  readonly odd?: true;
}

/** Where commits, trees and blobs come from: a clone, or GitHub's API. The answer is `undefined` for an object that is not there. */
export interface ObjectSource {
  commit(id: string): Promise<Commit | undefined>;
  tree(id: string): Promise<readonly TreeEntry[] | undefined>;
  blobSize(id: string): Promise<number | undefined>;
  /** Call `blobSize` first. More than `maxBytes` is an error. */
  blob(id: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

/** Asks each source in turn until one has the object. */
export function firstOf(...sources: readonly ObjectSource[]): ObjectSource {
  async function ask<T>(question: (source: ObjectSource) => Promise<T | undefined>): Promise<T | undefined> {
    for (const source of sources) {
      const answer = await question(source);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
  return {
    commit: (id) => ask((source) => source.commit(id)),
    tree: (id) => ask((source) => source.tree(id)),
    blobSize: (id) => ask((source) => source.blobSize(id)),
    blob: (id, maxBytes) => ask((source) => source.blob(id, maxBytes)),
  };
}

/** For an object that a commit or tree names: it must exist. */
export function present<T>(object: T | undefined, what: string): T {
  if (object === undefined) {
    throw new RepositoryError(
      'object-missing',
      `${what} is not in the clone; check out without "filter" and with "fetch-depth: 0"`,
    );
  }
  return object;
}
