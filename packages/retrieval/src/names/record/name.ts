import { base36 } from 'multiformats/bases/base36';
import { RetrievalError } from '../../error.ts';

/** The name of an Ed25519 key: CIDv1, libp2p-key, the key itself in place of a hash of it. */
export interface Name {
  /** In base36: `k51…`. */
  readonly text: string;
  readonly publicKey: Uint8Array;
}

/** CIDv1 (1), libp2p-key (0x72), identity (0) of 36 bytes: a protobuf of key type 1, Ed25519, and 32 bytes of key. */
const prefix = Uint8Array.from([1, 0x72, 0, 36, 8, 1, 0x12, 32]);
/** Where the protobuf of the key begins. */
const keyAt = 4;

export function nameOf(publicKey: Uint8Array): Name {
  if (publicKey.length !== 32)
    throw new RetrievalError(
      'name-invalid',
      `a name expected an Ed25519 key of 32 bytes, got ${publicKey.length}`,
    );
  return { text: base36.encode(bytesOf(publicKey)), publicKey };
}

/** Refuses every other spelling, so that one name has one text. */
export function parseName(text: string): Name {
  if (!/^k[0-9a-z]{50,70}$/.test(text)) throw invalid(text);
  const bytes = base36.decode(text);
  const known = bytes.length === prefix.length + 32 && prefix.every((byte, at) => bytes[at] === byte);
  const name = known ? nameOf(bytes.slice(prefix.length)) : undefined;
  if (name?.text !== text) throw invalid(text);
  return name;
}

/** The protobuf of the key, as a record may repeat it. */
export function keyProtobuf({ publicKey }: Name): Uint8Array {
  return bytesOf(publicKey).slice(keyAt);
}

function bytesOf(publicKey: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(prefix.length + 32);
  bytes.set(prefix);
  bytes.set(publicKey, prefix.length);
  return bytes;
}

function invalid(text: string): RetrievalError {
  return new RetrievalError(
    'name-invalid',
    `a name expected an Ed25519 key in base36 (k51…, 62 characters), got ${JSON.stringify(text.slice(0, 80))}`,
  );
}
