/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly classes: readonly string[];
}

const starts: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  36: 'cyan',
};
const ends: Readonly<Record<string, readonly string[]>> = {
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'cyan'],
};

/** The colours (SGR) of a terminal line as spans; every other control sequence is left out. */
export function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let classes: readonly string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this reads.
  for (const part of line.split(/(\x1b\[[0-9;?]*[A-Za-z])/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: see above.
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) classes = codes.split(';').reduce(styled, classes);
    else if (part !== '' && !part.startsWith('\x1b'))
      spans.push({ text: part.replaceAll('\r', ''), classes });
  }
  return spans;
}

function styled(classes: readonly string[], code: string): readonly string[] {
  if (code === '' || code === '0') return [];
  const start = starts[code];
  if (start !== undefined) return [...classes, start];
  return classes.filter((name) => !ends[code]?.includes(name));
}
