import { printable } from './printable.ts';

/** A file's name as one word of a command that a person pastes: nothing in it may become a flag, or run. */
export function shellWord(path: string): string {
  // What cannot be shown cannot be pasted either.
  if (printable(path) !== path) return 'FILE';
  const word = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./~@:+,=-]+$/.test(word) && !word.startsWith('~') ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
