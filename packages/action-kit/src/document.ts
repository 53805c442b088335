import { count } from '@holdfast/manifest/text';
import { join, Markdown, md } from './markdown.ts';

interface Block {
  readonly before: string;
  /** May be cut from the end when the page is full. */
  readonly rows: readonly string[];
  readonly after: string;
}

/** A page of Markdown with a byte limit. It is cut at whole rows, and says what was cut and where the rest is. */
export class Document {
  readonly #blocks: Block[] = [];

  add(...paragraphs: readonly (Markdown | undefined)[]): this {
    for (const paragraph of paragraphs) {
      if (paragraph !== undefined)
        this.#blocks.push({ before: `${paragraph.source}\n\n`, rows: [], after: '' });
    }
    return this;
  }

  /** Behind a line to open, if there is a label for it. */
  table(head: readonly string[], rows: readonly (readonly Markdown[])[], folded?: Markdown): this {
    if (rows.length === 0) return this;
    const line = (cells: readonly Markdown[]) => `| ${join(cells, ' | ').source} |\n`;
    const before = line(head.map((cell) => md`${cell}`)) + line(head.map(() => Markdown.trusted('---')));
    const [opening, ending] = folded === undefined ? ['', ''] : fold(folded);
    this.#blocks.push({ before: opening + before, rows: rows.map(line), after: `\n${ending}` });
    return this;
  }

  /** A paragraph or a block of code under a label, which opens it if it is folded. */
  block(label: Markdown, content: Markdown, folded: boolean): this {
    const [opening, ending] = folded ? fold(label) : [`${label.source}:\n\n`, ''];
    this.#blocks.push({ before: `${opening}${content.source}\n\n${ending}`, rows: [], after: '' });
    return this;
  }

  list(items: readonly Markdown[]): this {
    if (items.length > 0)
      this.#blocks.push({ before: '', rows: items.map(({ source }) => `- ${source}\n`), after: '\n' });
    return this;
  }

  /** At most `limit` bytes, whatever was added. `where` is the place that has everything, for example "the log". */
  render(limit: number, where: string): string {
    const whole = this.#blocks.map(({ before, rows, after }) => before + rows.join('') + after).join('');
    if (Buffer.byteLength(whole) <= limit) return whole;
    const ending = ({ length }: readonly string[]) =>
      length === 0
        ? ''
        : md`\n**\u2026 and ${count(length, 'more row')}**, too long for this page: see ${where}.\n\n`.source;
    // Frames and endings are small and counted first. The tables share the rest, so that one long table leaves room for the next.
    let room = limit - sum(this.#blocks.map(({ before, after, rows }) => before + after + ending(rows)));
    let tables = this.#blocks.filter(({ rows }) => rows.length > 0).length;
    let page = '';
    for (const { before, rows, after } of this.#blocks) {
      const shown = room > 0 ? fit(rows, room / Math.max(tables, 1)) : [];
      if (rows.length > 0) tables -= 1;
      room -= sum(shown);
      page += before + shown.join('') + after + ending(rows.slice(shown.length));
    }
    if (Buffer.byteLength(page) <= limit) return page;
    return md`**The report is too long for this page:** see ${where}.\n`.source;
  }
}

function fold({ source }: Markdown): readonly [string, string] {
  // Markdown is read inside of HTML only after an empty line.
  return [`<details><summary>${source}</summary>\n\n`, '</details>\n\n'];
}

function fit(rows: readonly string[], room: number): readonly string[] {
  let size = 0;
  const end = rows.findIndex((row) => {
    size += Buffer.byteLength(row);
    return size > room;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

function sum(texts: readonly string[]): number {
  return texts.reduce((total, text) => total + Buffer.byteLength(text), 0);
}
