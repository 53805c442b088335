import { join, Markdown, md } from './markdown.ts';
import { count } from './quantity.ts';

interface Block {
  readonly before: string;
  /** What may be cut from the end where the page is full. */
  readonly rows: readonly string[];
  readonly after: string;
}

/** A page of Markdown that knows its limit: it is cut at whole rows, and says what was cut and where the rest is. */
export class Document {
  readonly #blocks: Block[] = [];

  add(...paragraphs: readonly (Markdown | undefined)[]): this {
    for (const paragraph of paragraphs) {
      if (paragraph !== undefined)
        this.#blocks.push({ before: `${paragraph.source}\n\n`, rows: [], after: '' });
    }
    return this;
  }

  table(head: readonly string[], rows: readonly (readonly Markdown[])[]): this {
    if (rows.length === 0) return this;
    const line = (cells: readonly Markdown[]) => `| ${join(cells, ' | ').source} |\n`;
    const before = line(head.map((cell) => md`${cell}`)) + line(head.map(() => Markdown.trusted('---')));
    this.#blocks.push({ before, rows: rows.map(line), after: '\n' });
    return this;
  }

  list(items: readonly Markdown[]): this {
    if (items.length > 0)
      this.#blocks.push({ before: '', rows: items.map(({ source }) => `- ${source}\n`), after: '\n' });
    return this;
  }

  /** At most `limit` bytes, whatever was added. `where` tells where everything is, for example «the log». */
  render(limit: number, where: string): string {
    const whole = this.#blocks.map(({ before, rows, after }) => before + rows.join('') + after).join('');
    if (Buffer.byteLength(whole) <= limit) return whole;
    const room = limit - 300;
    let page = '';
    let size = 0;
    let left = 0;
    for (const { before, rows, after } of this.#blocks) {
      const frame = Buffer.byteLength(before + after);
      if (left > 0 || size + frame > room) {
        left += Math.max(rows.length, 1);
        continue;
      }
      page += before;
      size += frame;
      for (const row of rows) {
        const bytes = Buffer.byteLength(row);
        if (left === 0 && size + bytes <= room) {
          page += row;
          size += bytes;
        } else left += 1;
      }
      page += after;
    }
    return (
      page +
      md`\n**… and ${count(left, 'more row')}** that this page has no room for. Everything is in ${where}.\n`
        .source
    );
  }
}
