const unsafe = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/**
 * One line of log from text of any origin: no line break, no cursor movement, no turned text, and no command of the runner,
 * which takes `##[` anywhere in a line for one and `::` at its beginning.
 */
export function printable(text: string): string {
  const shown = text.replace(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return shown.replaceAll('##[', '##\\u{5b}').replace(/^(\s*)::/, '$1:\\u{3a}');
}
