import { parseCid } from '@holdfast/content/internal';
import { sha256 } from '@holdfast/manifest/sha256';

/** What one place answered for one block. */
export type CopyAnswer =
  | { readonly kind: 'block'; readonly bytes: Uint8Array }
  /** It says that it does not have the block. */
  | { readonly kind: 'missing' }
  /** It gave other bytes than the CID says. */
  | { readonly kind: 'damaged' };

export interface CopyRequest {
  readonly signal: AbortSignal;
}

/**
 * One copy, which answers for itself alone: a peer that is asked over bitswap, a node that is asked not to search, a
 * folder. Where it cannot be asked, or does not answer, `read` throws.
 */
export interface CopySource {
  read(cid: string, request: CopyRequest): Promise<CopyAnswer>;
}

/** What bytes that a place gave for a CID are worth. */
export function answerOf(cid: string, bytes: Uint8Array): CopyAnswer {
  const { digest } = parseCid(cid);
  const hash = sha256(bytes);
  return digest.every((byte, at) => byte === hash[at]) ? { kind: 'block', bytes } : { kind: 'damaged' };
}
