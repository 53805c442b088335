import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, Document, link, md, message, text } from '../src/index.ts';

const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '@alice',
        '#1',
        'o/r#1',
        'GH-1',
        'gh-1',
        ':tada:',
        'https://evil.example',
        'www.evil.example',
        '<img src=x>',
        '](x)',
        '[a](b)',
      ],
      ...[
        '`',
        '``',
        '|',
        '\\|',
        '\\\\|',
        '\n',
        '\r\n',
        '# h',
        '- x',
        '> q',
        '**',
        '__',
        '~~',
        '$$',
        '<!--',
        '-->',
        '&lt;',
        '\u202e',
        '\u0000',
        'é',
        '名',
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** As a renderer shows it: no tag but ours, references as characters. */
const decode = (source: string) =>
  source.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)));

describe('text from a pull request', () => {
  it('keeps no character that Markdown or HTML read', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const { source } = text(value);
        expect(source).not.toMatch(/[<>`|*_~[\]{}\\\r\n$!]/);
        expect(source.replace(/&#\d+;/g, '')).not.toMatch(/[&#@]/);
        expect(source).not.toMatch(/www\./i);
      }),
    );
  });

  it('mentions nobody, refers to nothing, and is no emoji', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const rendered = decode(text(value).source);
        expect(rendered).not.toMatch(/(^|[^\w])@\w/);
        expect(rendered).not.toMatch(/#\d/);
        expect(rendered).not.toMatch(/(^|\W)gh-\d/i);
        expect(rendered).not.toMatch(/:[a-z]+:/);
      }),
    );
  });

  it('stays in its code element, and in its cell', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(code(value).source.replace(/^<code>|<\/code>$/g, '')).not.toMatch(/[<>`|\r\n\\]/);
      }),
    );
  });

  it('is shown as it is where it is honest', () => {
    expect(text('Hourly tide gauges (1990-2025), 48.2 kB: fine').source).toBe(
      'Hourly tide gauges (1990-2025), 48.2 kB: fine',
    );
    expect(decode(text('SHA256:e7vt/8+4 by a@b.org').source)).toBe('SHA256:e7vt/8+4 by a@b.org');
  });
});

describe('templates', () => {
  it('take strings for text and Markdown for Markdown', () => {
    expect(md`**${'a*b'}** ${code('x|y')} ${3}`.source).toBe('**a&#42;b** <code>x&#124;y</code> 3');
  });

  it('show commands between back-ticks as code, and only those', () => {
    expect(message('Run `holdfast sign`, <b>').source).toBe('Run <code>holdfast sign</code>, &#60;b&#62;');
  });

  it('link to https addresses alone', () => {
    expect(link(code('x'), 'https://github.com/o/r/blob/a/b%20c#L1').source).toContain(
      '<a href="https://github.com/o/r/blob/a/b%20c#L1">',
    );
    for (const bad of ['javascript:alert(1)', 'https://x/"onclick="', 'https://x/ y', 'https://x/<']) {
      expect(link(code('x'), bad).source).toBe('<code>x</code>');
    }
  });
});

describe('a document', () => {
  const page = (rows: number) =>
    new Document()
      .add(md`## Title`)
      .table(
        ['a'],
        Array.from({ length: rows }, (_, index) => [text(`first ${index} ${'é'.repeat(30)}`)]),
      )
      .table(
        ['b'],
        Array.from({ length: rows }, (_, index) => [text(`second ${index} ${'x'.repeat(30)}`)]),
      )
      .list([md`the end`]);

  it('is whole where there is room', () => {
    expect(page(2).render(10_000, 'the log')).toBe(
      `## Title\n\n| a |\n| --- |\n| first 0 ${'é'.repeat(30)} |\n| first 1 ${'é'.repeat(30)} |\n\n` +
        `| b |\n| --- |\n| second 0 ${'x'.repeat(30)} |\n| second 1 ${'x'.repeat(30)} |\n\n- the end\n\n`,
    );
  });

  it('is never larger than its limit, is cut at rows, says so, and leaves room for what follows', () => {
    for (const limit of [1_000, 5_000, 65_536]) {
      const rendered = page(2_000).render(limit, 'the log');
      expect(Buffer.byteLength(rendered)).toBeLessThanOrEqual(limit);
      expect(rendered).toMatch(/… and [\d,]+ more rows\*\*, too long for this page: see the log/);
      expect(rendered).toContain('| second 0 ');
      expect(rendered).toContain('- the end');
      for (const line of rendered.split('\n').filter((row) => row.startsWith('|')))
        expect(line).toMatch(/\|$/);
    }
  });

  it('says so even where there is room for nothing', () => {
    expect(page(10).render(100, 'the log')).toContain('see the log');
  });
});
