import { html } from '../html/html.ts';

const most = 50_000;

/** Addresses for search engines (sitemaps.org), as many files as it takes, and the one that names them. */
export function* sitemaps(
  pages: readonly string[],
  address: string,
): Generator<{ path: string; text: string }> {
  const href = (path: string) => new URL(path.replace(/(^|\/)index\.html$/, '$1'), address).href;
  const parts = Math.max(1, Math.ceil(pages.length / most));
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  for (let part = 0; part < parts; part++) {
    const urls = pages
      .slice(part * most, (part + 1) * most)
      .map((path) => html`<url><loc>${href(path)}</loc></url>\n`);
    yield {
      path: parts === 1 ? 'sitemap.xml' : `sitemap-${part + 1}.xml`,
      text:
        head + html`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}</urlset>\n`.text,
    };
  }
  if (parts === 1) return;
  const maps = Array.from(
    { length: parts },
    (_, part) => html`<sitemap><loc>${href(`sitemap-${part + 1}.xml`)}</loc></sitemap>\n`,
  );
  yield {
    path: 'sitemap.xml',
    text:
      head +
      html`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${maps}</sitemapindex>\n`.text,
  };
}
