import { escapeText } from '@holdfast/manifest/text';

/** The runner still reads its first protocol, where `##[` begins a command anywhere in a line. The toolkit lets it through. */
export function withoutCommand(text: string): string {
  return text.replaceAll('##[', '##\\u{5b}');
}

/**
 * One line of log from any text: no line break, no cursor movement, no text direction, and no command of the runner, which takes
 * `##[` anywhere in a line for one and `::` at its beginning.
 */
export function printable(text: string): string {
  return withoutCommand(escapeText(text)).replace(/^(\s*)::/, '$1:\\u{3a}');
}
