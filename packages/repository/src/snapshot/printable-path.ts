import { escapeText } from '@holdfast/manifest/text';

export const longestPath = 512;
/** Characters that the path of a manifest or key must not have. */
export const unsafe = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}/u;

/** For display: no character moves the cursor, ends the line or reverses the text. */
export function printablePath(path: string): string {
  const cut = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  return escapeText(cut).replaceAll('\\', '\\u{5c}');
}
