const unsafe = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** Writes control, format, bidirectional and unusual space characters as `\u{…}`: safe on a terminal and in a log. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A value from the input for a message: quoted, escaped, cut to fit a line. */
export function show(value: unknown, limit = 60): string {
  if (typeof value !== 'string')
    return typeof value === 'object' && value !== null ? nameType(value) : String(value);
  const cut = value.length > limit ? `${value.slice(0, limit)}…` : value;
  return `"${escapeText(cut).replaceAll('"', '\\"')}"`;
}

/**
 * A path as one word of a command that a person pastes: nothing in it becomes a flag or runs, in a POSIX shell, fish, PowerShell or
 * cmd. Double quotes are what all of them know. What cannot be shown or quoted for all is no word; `otherwise` stands for it.
 */
export function commandPath(path: string, otherwise: string): string {
  if (path === '' || escapeText(path) !== path || path.includes('%')) return otherwise;
  const word = path.startsWith('-') ? `./${path}` : path;
  if (/^[\w./][\w./:@+=-]*$/.test(word)) return word;
  if (!/["$`\\!\u201c-\u201f]/.test(word)) return `"${word}"`;
  // For cmd these quotes are letters, and PowerShell accepts typographic quotes as quotes.
  return /['"&|<>^\u2018-\u201b]/.test(word) ? otherwise : `'${word}'`;
}

/** The JSON name of a value's type, for "expected a string, got an array". */
export function nameType(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number too large to read';
  return `a ${typeof value}`;
}
