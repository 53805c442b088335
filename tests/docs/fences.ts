/** One fenced block of a Markdown file, with the remark for the runner that stands before it. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** `<!-- docs: exit=1 -->` is `{ exit: '1' }`; a word without a value is `''`. */
  readonly remark: Readonly<Record<string, string>>;
}

const opening = /^( {0,3})(`{3,})([\w-]*)\s*$/;
const remarkLine = /^<!-- docs:\s*(.*?)\s*-->$/;
const hiddenStart = /^<!-- docs-run$/;

/** The blocks in order. `<!-- docs-run … -->` is a `sh` block that readers do not see. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split('\n');
  let remark: Record<string, string> = {};
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const start = opening.exec(line);
    const said = remarkLine.exec(line);
    if (hiddenStart.test(line)) {
      const end = lines.indexOf('-->', at);
      if (end < 0) throw new Error(`line ${at + 1}: a docs-run remark without its end`);
      fences.push({ language: 'sh', text: lines.slice(at + 1, end).join('\n'), line: at + 1, remark: {} });
      at = end;
    } else if (said) {
      remark = wordsOf(said[1] ?? '');
    } else if (start) {
      const [, indent = '', ticks = '', language = ''] = start;
      const end = lines.findIndex((other, index) => index > at && other.trim() === ticks);
      if (end < 0) throw new Error(`line ${at + 1}: a fence without its end`);
      const text = lines
        .slice(at + 1, end)
        .map((inner) => inner.slice(indent.length))
        .join('\n');
      fences.push({ language, text, line: at + 1, remark });
      remark = {};
      at = end;
    } else if (line.trim() !== '') {
      remark = {};
    }
  }
  return fences;
}

function wordsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => {
        const equals = word.indexOf('=');
        return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
      }),
  );
}
