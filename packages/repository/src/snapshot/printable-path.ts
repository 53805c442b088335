import { escapeText } from '@holdfast/manifest/text';

export const longestPath = 512;
/** Characters that no path of a manifest or key may have. */
export const unsafe = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}/u;

/** For display alone: nothing in it can move a cursor, end a line or turn the text round. */
export function printablePath(path: string): string {
  const cut = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  return escapeText(cut).replaceAll('\\', '\\u{5c}');
}
