import { decode, type PBLink } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { ContentError } from '../error.ts';
import { type ContentCid, contentCid } from './link-cid.ts';

/** What a block of a DAG is known by, whichever version of CID a link uses. */
export function blockKey({ codec, digest }: ContentCid): string {
  return `${codec === 'raw' ? 'r' : 'p'}${String.fromCharCode(...digest)}`;
}

/** The blocks that a block refers to, in order. */
export function blockLinks(cid: ContentCid, bytes: Uint8Array): ContentCid[] {
  if (cid.codec === 'raw') return [];
  return decodeNode(bytes).Links.map((link: PBLink) => contentCid(link.Hash));
}

export function decodeNode(bytes: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new ContentError('dag-invalid', `expected a dag-pb block: ${(cause as Error).message}`, { cause });
  }
}

/** Reads a binary CID at the start of `bytes`, and gives how long it was. */
export function decodeCid(bytes: Uint8Array): { cid: ContentCid; length: number } {
  let decoded: [CID, Uint8Array];
  try {
    decoded = CID.decodeFirst(bytes);
  } catch (cause) {
    throw new ContentError('cid-invalid', `expected a binary CID: ${(cause as Error).message}`, { cause });
  }
  const [cid, rest] = decoded;
  return { cid: contentCid(cid), length: bytes.length - rest.length };
}
