import type { BlockSource } from '@holdfast/content';
import type { LocalTarget } from '@holdfast/pinning';

/** The folders of copies as a place to read from. A block is hashed by whoever reads it. */
export function localSource(target: LocalTarget): BlockSource {
  return {
    async block(cid) {
      const bytes = await target.getBlock(cid);
      if (bytes !== undefined) return bytes;
      throw Object.assign(new Error(`${target.label} has no block ${cid}`), {
        code: 'sources-exhausted',
        hint: 'name the folder that holdfast publish wrote to, or read from elsewhere with --gateway',
      });
    },
  };
}
