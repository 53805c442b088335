import { RepositoryError } from './error.ts';

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

export type EntryMode = '100644' | '100755' | '120000' | '160000' | '040000';

export interface TreeEntry {
  readonly mode: EntryMode;
  /** One segment. Bytes that are not UTF-8 stand as `\xNN`, and `odd` is set. */
  readonly name: string;
  readonly id: string;
  /** The name is one that no checkout could write, or that reads as another. */
  readonly odd?: true;
}

/**
 * Where commits, trees and blobs come from: a clone, or GitHub's API. Each answers `undefined` for what is not there, so
 * that sources can be asked in turn.
 */
export interface ObjectSource {
  commit(id: string): Promise<Commit | undefined>;
  tree(id: string): Promise<readonly TreeEntry[] | undefined>;
  blobSize(id: string): Promise<number | undefined>;
  /** Asked only after `blobSize`; more bytes than `maxBytes` is an error. */
  blob(id: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

/** Asks the first source, then the next for what the first has not. */
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

/** For what a commit or tree names and must therefore exist. */
export function present<T>(object: T | undefined, what: string): T {
  if (object === undefined) {
    throw new RepositoryError(
      'object-missing',
      `${what} is not in the clone; check out without "filter", or with fetch-depth: 0`,
    );
  }
  return object;
}
