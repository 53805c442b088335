import type { FindList } from '@holdfast/manifest/internal';
import type { BlockSource } from './block-source.ts';
import { readVerified } from './read-verified.ts';

/** Fetches the file list of a dataset by its CID: whole, and never more bytes than its manifest says. */
export function listFinder(
  source: BlockSource,
  { signal }: { readonly signal?: AbortSignal } = {},
): FindList {
  return async ({ cid, size }) => {
    const parts: Uint8Array[] = [];
    try {
      for await (const part of readVerified(cid, source, { maxBytes: size, ...(signal && { signal }) }))
        parts.push(part);
    } catch (error) {
      signal?.throwIfAborted();
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
