import { CID } from 'multiformats/cid';
import { PinningError } from '../target/pinning-error.ts';

/** A CID in the one spelling that targets answer with, so that answers can be matched with what was asked. */
export function cidKey(cid: string): string {
  try {
    return CID.parse(cid).toString();
  } catch (cause) {
    throw new PinningError('invalid', `cid expected a CID, got ${JSON.stringify(cid.slice(0, 100))}`, {
      cause,
    });
  }
}

/** The keys of the CIDs asked for, each with the spelling it was asked in. */
export function cidKeys(cids: readonly string[]): Map<string, string> {
  return new Map(cids.map((cid) => [cidKey(cid), cid]));
}
