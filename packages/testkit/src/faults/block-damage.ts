import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What can happen to a block of a Kubo node on its disk. */
export const blockDamages = {
  removed: (file: string) => rmSync(file),
  overwritten: (file: string) => writeFileSync(file, Buffer.alloc(readFileSync(file).length, 7)),
  truncated: (file: string) => truncateSync(file, 10),
  zeroed: (file: string) => truncateSync(file, 0),
  flipped: (file: string) => {
    const bytes = readFileSync(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  },
} as const satisfies Record<string, (file: string) => void>;

export type BlockDamage = keyof typeof blockDamages;

/** Where a node's flatfs keeps the block of a CID, version 1 in base32: by its multihash, in a folder of two letters. */
export function blockFile(repository: string, cid: string): string {
  const key = encodeKey(decodeBase32(cid.slice(1)).subarray(2));
  return join(repository, 'blocks', key.slice(-3, -1), `${key}.data`);
}

/** Every block of a node. */
export function blockFiles(repository: string): string[] {
  const blocks = join(repository, 'blocks');
  return readdirSync(blocks, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.data'))
    .map((path) => join(blocks, path));
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

function decodeBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text) {
    held = ((held << 5) | alphabet.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}

function encodeKey(bytes: Uint8Array): string {
  let text = '';
  let [bits, held] = [0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31];
  return text.toUpperCase();
}
