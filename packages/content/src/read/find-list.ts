import type { FindList } from '@holdfast/manifest/files';
import type { BlockSource } from './block-source.ts';
import { readVerified } from './read-verified.ts';

export interface ListFinderOptions {
  readonly signal?: AbortSignal | undefined;
  /** For one list. Default: 60 s, and a second more for each MiB. */
  readonly deadlineMs?: number | undefined;
}

/** Fetches the file list of a dataset by its CID: whole, and never more bytes than its manifest says. */
export function listFinder(source: BlockSource, options: ListFinderOptions = {}): FindList {
  return async ({ cid, size }) => {
    const deadline = AbortSignal.timeout(options.deadlineMs ?? 60_000 + Math.ceil(size / 1024));
    const signal = AbortSignal.any([deadline, ...(options.signal === undefined ? [] : [options.signal])]);
    const parts: Uint8Array[] = [];
    try {
      for await (const part of readVerified(cid, source, { maxBytes: size, signal })) parts.push(part);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (deadline.aborted) return undefined;
      // The errors of sources have a code; anything else is a bug.
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
    return {
      name: cid,
      size,
      async *read() {
        yield* parts;
      },
    };
  };
}
