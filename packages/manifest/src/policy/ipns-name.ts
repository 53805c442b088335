import { textField } from '../json/field-rule.ts';

/** CIDv1 (1), libp2p-key (0x72), identity (0) of 36 bytes: key type Ed25519, and 32 bytes of key follow. */
const prefix = 0x01_72_00_24_08_01_12_20n;
const keyBits = 256n;

/** The IPNS name of an Ed25519 key, in base36 (https://specs.ipfs.tech/ipns/ipns-record/). */
export function ipnsNameOf(publicKey: Uint8Array): string {
  const key = publicKey.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return `k${((prefix << keyBits) | key).toString(36)}`;
}

/** Only this one spelling, so that one name has one text. */
function isIpnsName(text: string): boolean {
  if (!/^k[0-9a-z]{61}$/.test(text)) return false;
  let number = 0n;
  for (const digit of text.slice(1)) number = number * 36n + BigInt(Number.parseInt(digit, 36));
  return number >> keyBits === prefix;
}

export const ipnsNameField = textField({
  pattern: '^k51qzi5uqu5d[0-9a-z]{50}$',
  max: 62,
  expected: 'the IPNS name of an Ed25519 key in base36, such as holdfast name key prints: k51…',
  description: 'IPNS name: the latest version is published under it',
  accepts: isIpnsName,
});
