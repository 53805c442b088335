export const longestPath = 512;
/** Characters that no path of a manifest or key may have. */
export const unsafe = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}/u;
const everyUnsafe = new RegExp(unsafe, 'gu');

/** For display alone: nothing in it can move a cursor, end a line or turn the text round. */
export function printablePath(path: string): string {
  const cut = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  return cut.replace(everyUnsafe, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}
