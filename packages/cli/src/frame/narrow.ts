import { stripVTControlCharacters } from 'node:util';
import type { Output } from './ports.ts';

/** CIDs, fingerprints of keys and digests. */
const hashes =
  /\b(?:bafy|bafk|bafz|k51|Qm|12D3KooW)[A-Za-z0-9]{36,}\b|\bSHA256:[A-Za-z0-9+/]{43}|\b[0-9a-f]{64}\b/g;
const shownBefore = 12;
const shownAfter = 6;

/**
 * On a terminal, shortens the hashes of lines that are wider than it: a hash broken in the middle can be neither compared nor
 * copied. Commands to paste stay whole, and so do excerpts, which have a caret below.
 */
export function fitted(text: string, { isTTY, columns }: Pick<Output, 'isTTY' | 'columns'>): string {
  if (!isTTY) return text;
  return text
    .split('\n')
    .map((line) => (isTooWide(line, columns) ? line.replace(hashes, shortened) : line))
    .join('\n');
}

function isTooWide(line: string, columns: number): boolean {
  const plain = stripVTControlCharacters(line);
  return plain.length > columns && !/\bholdfast \w|^\s*\d* \|/.test(plain);
}

function shortened(hash: string): string {
  return `${hash.slice(0, shownBefore)}…${hash.slice(-shownAfter)}`;
}
