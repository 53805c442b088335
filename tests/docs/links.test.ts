import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

/** The links of a page that lead nowhere in this repository: to no file, or to no heading of one. */
function deadLinks(page: string, text: string): string[] {
  const links = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    // The READMEs of packages are read on npm too, where only whole addresses lead back here.
    const here = link.replace(/^https:\/\/github\.com\/holdfast-data\/holdfast\/blob\/main\//, '/');
    if (/^[a-z]+:/.test(here)) return false;
    const [path = '', heading] = here.split('#');
    const target = path === '' ? page : path.startsWith('/') ? path.slice(1) : join(page, path);
    if (!existsSync(new URL(target, root))) return true;
    return heading !== undefined && target.endsWith('.md') && !headingsOf(target).includes(heading);
  });
}

function join(page: string, path: string): string {
  return new URL(path, new URL(page, root)).pathname.slice(root.pathname.length);
}

const prose = (text: string) => text.replace(/```[\s\S]*?```/g, '');

/** Their ids as GitHub makes them. */
function headingsOf(page: string): string[] {
  const text = prose(readFileSync(new URL(page, root), 'utf8'));
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)];
}

describe('the links of every page', () => {
  it.each(pages)('%s', (page) => {
    expect(deadLinks(page, readFileSync(new URL(page, root), 'utf8'))).toEqual([]);
  });

  it('would be seen dead', () => {
    const text =
      '[a](nowhere.md) [b](#nowhere) [c](exit-codes.md#exit-codes) [d](pinning.md#nowhere) [e](../README.md)';
    expect(deadLinks('docs/README.md', text)).toEqual(['nowhere.md', '#nowhere', 'pinning.md#nowhere']);
  });
});
