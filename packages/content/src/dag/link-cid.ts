import { encodeCid, parseCid as parseStrictCid } from '@holdfast/manifest/cid';
import { CID } from 'multiformats/cid';
import { ContentError } from '../error.ts';
import type { ImportProfile } from '../profile.ts';

export type Codec = 'dag-pb' | 'raw';

export const codecs = { 'dag-pb': 0x70, raw: 0x55 } as const satisfies Record<Codec, number>;

const sha256Code = 0x12;
const digestLength = 32;

/** The binary form a link has inside a DAG of this profile. */
export function linkCid(codec: Codec, digest: Uint8Array, profile: ImportProfile): Uint8Array {
  // CIDv0 is a bare multihash and can say dag-pb only.
  const prefix =
    profile.cidVersion === 0 && codec === 'dag-pb'
      ? [sha256Code, digestLength]
      : [1, codecs[codec], sha256Code, digestLength];
  const bytes = new Uint8Array(prefix.length + digestLength);
  bytes.set(prefix);
  bytes.set(digest, prefix.length);
  return bytes;
}

/** The one spelling of a CID that this package writes: version 1, lower-case base32. */
export function cidText(codec: Codec, digest: Uint8Array): string {
  const bytes = new Uint8Array(4 + digestLength);
  bytes.set([1, codecs[codec], sha256Code, digestLength]);
  bytes.set(digest, 4);
  return encodeCid(bytes);
}

/** The CID of a file of one raw leaf: its SHA-256, in hex, under another name. */
export function rawCid(sha256: string): string {
  return cidText('raw', fromHex(sha256));
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: digestLength }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

export interface ContentCid {
  readonly codec: Codec;
  readonly digest: Uint8Array;
}

/** Reads a CID of either version, refusing what a dataset cannot be made of: other codecs, hashes and spellings. */
export function parseCid(text: string): ContentCid {
  // multiformats keeps a cache for every CID that it reads: more work than all else of rebuilding a root.
  const strict = parseStrictCid(text);
  if (strict?.hash === sha256Code) return { codec: strict.codec, digest: strict.digest };
  let cid: CID;
  try {
    cid = CID.parse(text);
  } catch (cause) {
    throw new ContentError('cid-invalid', `"cid" expected a CID, got ${JSON.stringify(text)}`, {
      cause,
      subject: text,
    });
  }
  const parsed = contentCid(cid);
  // CID.parse takes padded and altered spellings of the same bytes, and remembers them; a second spelling would be
  // a second identity.
  const spelled = CID.decode(cid.bytes).toString();
  if (spelled !== text) {
    throw new ContentError('cid-invalid', `"cid" expected "${spelled}", got ${JSON.stringify(text)}`, {
      subject: text,
    });
  }
  return parsed;
}

/** Refuses what a dataset cannot be made of: other codecs than dag-pb and raw, other hashes than SHA-256. */
export function contentCid(cid: CID): ContentCid {
  const { multihash } = cid;
  if (multihash.code !== sha256Code || multihash.digest.length !== digestLength) {
    throw unusable(cid, 'a SHA-256 CID', `hash 0x${multihash.code.toString(16)}`);
  }
  if (cid.code === codecs.raw) return { codec: 'raw', digest: multihash.digest };
  if (cid.code === codecs['dag-pb']) return { codec: 'dag-pb', digest: multihash.digest };
  throw unusable(cid, 'codec raw or dag-pb', `0x${cid.code.toString(16)}`);
}

function unusable(cid: CID, expected: string, got: string): ContentError {
  return new ContentError('cid-invalid', `"${cid}" expected ${expected}, got ${got}`, {
    subject: cid.toString(),
  });
}
