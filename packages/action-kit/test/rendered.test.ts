import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { expect, it } from 'vitest';
import { code, Document, md, message, text } from '../src/index.ts';

/** With HTML and bare links, as GitHub reads a comment. */
const renderer = new MarkdownIt({ html: true, linkify: true, typographer: false });
const part = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '<b>',
    '</code>',
    '<!--',
    '`',
    '``',
    '|',
    '\\|',
    '\\',
    '\n',
    '\n\n',
    '# ',
    '- ',
    '> ',
    '    ',
    '[x](http://e.x)',
    '![x](y)',
    '<http://e.x>',
  ),
  fc.constantFrom(
    'http://evil.example',
    'www.evil.example',
    'ftp://e.x',
    'mailto:a@b.org',
    'a@b.org',
    '&lt;script&gt;',
    '&#60;',
    '***',
    '~~~',
    '$$',
    '---',
  ),
);
const hostile = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(''));

it('a page has the elements that its template has, and no other, whatever is put in it', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (one, two, three) => {
      const page = new Document()
        .add(md`## ${one}`)
        .table(
          ['A', 'B'],
          [
            [code(two), message(three)],
            [text(three), md`${one}<br>${code(one)}`],
          ],
        )
        .list([message(two)])
        .render(100_000, 'the log');
      const html = renderer.render(page);
      const elements = [...html.matchAll(/<(\/?[a-z0-9]+)[^>]*>/gi)].map(([, name = '']) => name);
      expect(new Set(elements.map((name) => name.replace('/', '')))).toSatisfy((names: Set<string>) =>
        [...names].every((name) =>
          ['h2', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ul', 'li', 'code', 'br'].includes(name),
        ),
      );
      expect(elements.filter((name) => name === 'tr')).toHaveLength(3);
      expect(elements.filter((name) => name === 'td')).toHaveLength(4);
      expect(elements.filter((name) => name === 'h2' || name === 'li')).toHaveLength(2);
      expect(html).not.toContain('<!--');
    }),
    { numRuns: 500 },
  );
});

it('sees red: the same page of raw text has links and markup', () => {
  const html = renderer.render('| a |\n| --- |\n| http://evil.example <b>x</b> |\n');
  expect(html).toMatch(/<a href="http:\/\/evil\.example">/);
  expect(html).toContain('<b>');
});
