import { utf8 } from '../crypto/bytes.ts';
import type { ProblemDraft } from '../problem/problem-draft.ts';
import { show } from '../text/display.ts';
import { hasDevice, unsafeName } from './safe-name.ts';

/** Nearly every path matches; if it is also as short as a segment, it breaks no other rule. */
const plain = /^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*$/;
const plainLength = 255;

/** What is wrong with a path of `files[]`, or undefined. */
export function pathProblem(path: string): ProblemDraft | undefined {
  if (path.length <= plainLength && plain.test(path) && !hasDevice.test(path)) return undefined;
  const why = draftOf(path);
  return why === undefined
    ? undefined
    : { code: 'manifest/invalid-path', message: `the path ${show(path, 80)} ${why}` };
}

function draftOf(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (!path.isWellFormed()) return 'has half of a surrogate pair';
  if (path.startsWith('/')) return 'is absolute; expected a path relative to the root of the dataset';
  if (path.includes('\\')) return 'has a back-slash; expected / between segments';
  if (path.normalize('NFC') !== path) return 'is not in Unicode normalization form C';
  const segments = path.split('/');
  if (segments.includes('')) return 'has an empty segment';
  if (segments.includes('.') || segments.includes('..')) return 'has a "." or ".." segment';
  const unsafe = segments.map(unsafeName).find((why) => why !== undefined);
  if (unsafe !== undefined) return unsafe;
  if (segments.some((segment) => utf8(segment).length > 255)) return 'has a segment of more than 255 bytes';
  return utf8(path).length > 4096 ? 'is longer than 4096 bytes' : undefined;
}

/** The order of `files[]`: by UTF-8 bytes, like the entries of an IPFS directory. */
export function comparePaths(a: string, b: string): number {
  // Without such a unit JavaScript's own order is the same.
  if (!high.test(a) || !high.test(b)) return a < b ? -1 : Number(a > b);
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Units that UTF-16 and UTF-8 sort differently. */
const high = /[\ud800-\uffff]/;

/** UTF-16 sorts surrogates (U+10000 and up) below U+E000; UTF-8 sorts those characters last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Equal for two paths that a file system without case takes for one. */
export function foldPath(path: string): string {
  if (folded.test(path)) return path;
  const lower = path.toLowerCase();
  return ascii.test(path) ? lower : lower.toUpperCase().normalize('NFC').toLowerCase();
}

const folded = /^[a-z0-9._/-]*$/;
const ascii = /^[\x20-\x7e]*$/;
