import { decodeNode } from './block-links.ts';
import { type ContentCid, contentCid } from './link-cid.ts';

export interface WeighedLink {
  readonly cid: ContentCid;
  /** Bytes of the whole DAG below, blocks counted as often as they are linked, as whoever made the DAG says. */
  readonly bytes: number;
}

/** The blocks that a block refers to, with what hangs below each. */
export function weighedLinks(cid: ContentCid, block: Uint8Array): WeighedLink[] {
  if (cid.codec === 'raw') return [];
  return decodeNode(block).Links.map(({ Hash, Tsize }) => ({ cid: contentCid(Hash), bytes: Tsize ?? 0 }));
}
