/** The largest record that any node takes, in bytes. */
export const maxRecordBytes = 10 << 10;

/** The highest sequence that nodes take: they keep it in 63 bits. */
export const maxSequence = (1n << 63n) - 1n;

/** A record of a name, signed by its key. https://specs.ipfs.tech/ipns/ipns-record/ */
export interface NameRecord {
  /** Where the name points: `/ipfs/CID` or `/ipns/NAME`, and maybe a path. */
  readonly value: string;
  /** Higher is newer. */
  readonly sequence: bigint;
  /** From then on the record counts for nothing. */
  readonly validUntil: Date;
  /** How long a reader may keep it without asking again. */
  readonly ttlMs: number;
  /** The record itself, as it travels. */
  readonly bytes: Uint8Array;
}

/** Content paths that every reader takes the same: printable ASCII, no empty part. */
export const contentPath = /^\/ip[fn]s(?:\/[!-.0-~]+)+$/;

/** The signature is over these bytes and the data after them. */
export const signedPrefix: Uint8Array = new TextEncoder().encode('ipns-signature:');
