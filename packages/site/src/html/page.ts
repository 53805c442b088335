import { Html, html } from './html.ts';
import { upFrom } from './link.ts';

/** What every page of a site has around its own content. */
export interface Frame {
  readonly title: string;
  readonly address: string | undefined;
  readonly repository: string | undefined;
  /** Of the last round, as text for the foot of the page. */
  readonly seen: string;
}

export interface Page {
  /** For example `datasets/tides/index.html`. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly section: 'status' | 'datasets' | 'incidents';
  readonly body: (up: string) => Html;
  /** Facts for search engines. */
  readonly jsonLd?: unknown;
}

const sections = [
  ['status', 'index.html', 'Status'],
  ['datasets', 'datasets/index.html', 'Datasets'],
  ['incidents', 'incidents.html', 'Incidents'],
] as const;

/** A whole page. Nothing in it is asked from anybody but the folder that the site is in. */
export function pageText(frame: Frame, page: Page): string {
  const up = upFrom(page.path);
  const title = page.title === frame.title ? page.title : `${page.title} · ${frame.title}`;
  const { address } = frame;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<meta name="description" content="${page.description.slice(0, 300)}">
${address !== undefined && html`<link rel="canonical" href="${new URL(page.path.replace(/index\.html$/, ''), address).href}">\n`}<link rel="icon" href="${up}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${up}style.css">
<link rel="alternate" type="application/atom+xml" title="Versions and incidents" href="${up}feed.xml">
${page.jsonLd !== undefined && jsonLdBlock(page.jsonLd)}<script src="${up}page.js" defer></script>
<body>
<a class="skip" href="#main">To the content</a>
<header><div class="wide"><a class="brand" href="${up}index.html">${mark}<span>${frame.title}</span></a>
<nav aria-label="Site">${sections.map(([name, path, text]) => html`<a href="${up}${path}"${name === page.section && html` aria-current="page"`}>${text}</a>`)}</nav></div></header>
<main id="main" class="wide">
${page.body(up)}
</main>
<footer><div class="wide"><p>${frame.seen}</p>
<p><a href="${up}status.json">JSON</a> <a href="${up}feed.xml">Feed</a> <a href="${up}catalog.jsonld">DCAT</a>${frame.repository !== undefined && html` <a href="${frame.repository}">Repository</a>`} <span>Made with <a href="https://github.com/holdfast-data/holdfast">Holdfast</a></span></p></div></footer>
`.text;
}

/** An anchor's fluke in a ring: drawn here, so that it has the colour of the text. */
const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3a2.5 2.5 0 0 1 1.2 4.7V19a6 6 0 0 0 5-4.3l-1.9.9 2.7-4.6 2.2 4.9-1.6-.8A9 9 0 0 1 12 21a9 9 0 0 1-7.6-5.900l-1.6.8L5 11l2.7 4.6-1.9-.9a6 6 0 0 0 5 4.300V7.700A2.5 2.5 0 0 1 12 3Z"/></svg>`;

function jsonLdBlock(value: unknown): Html {
  // `<` ends a script wherever it stands; what turns the direction of text is written out.
  const text = JSON.stringify(value).replace(
    /[<\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Html(`<script type="application/ld+json">${text}</script>\n`);
}
