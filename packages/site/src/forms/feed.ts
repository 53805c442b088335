import { toHex } from '@holdfast/manifest/internal';
import { sha256 } from '@holdfast/manifest/sha256';
import type { Incident } from '@holdfast/watch';
import { html } from '../html/html.ts';
import { versionPage } from '../html/link.ts';
import type { CataloguedDataset } from '../model/catalogue.ts';
import { compareText } from '../model/order.ts';
import { durationText, isoTime } from '../model/quantity.ts';
import type { SiteValues } from '../model/site-values.ts';

const most = 100;

interface Entry {
  readonly key: string;
  readonly title: string;
  readonly link: string;
  readonly at: number;
  readonly text: string;
}

/** New versions and incidents (Atom, RFC 4287), the newest first. */
export function atomFeed(
  { title, address, summary }: Pick<SiteValues, 'title' | 'address' | 'summary'>,
  catalogue: readonly CataloguedDataset[],
  anchorOf: (incident: Incident) => string,
): string {
  const entries: Entry[] = [];
  for (const { versions } of catalogue) {
    for (const { id, dataset } of versions) {
      entries.push({
        key: `version ${id} ${dataset.cid}`,
        title: `${dataset.title ?? dataset.name} ${dataset.version}`,
        link: versionPage(dataset.name, dataset.version),
        at: Date.parse(dataset.created),
        text: dataset.description,
      });
    }
  }
  for (const incident of summary?.incidents ?? []) {
    const { kind, id, openedAt, closedAt, what, fixedBy } = incident;
    entries.push({
      key: `incident ${kind} ${id} ${openedAt}`,
      title: `${closedAt === undefined ? 'Open' : 'Over'}: ${id}`,
      link: `incidents.html#${anchorOf(incident)}`,
      at: closedAt ?? openedAt,
      text:
        closedAt === undefined
          ? what
          : `${what}. Over after ${durationText(closedAt - openedAt)}${fixedBy === undefined ? '' : `: ${fixedBy}`}`,
    });
  }
  entries.sort((a, b) => b.at - a.at || compareText(a.key, b.key));
  const href = (path: string) => (address === undefined ? path : new URL(path, address).href);
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${title}</title>
<id>${idOf(`feed ${address ?? title}`)}</id>
<updated>${isoTime(entries[0]?.at ?? summary?.lastAt ?? 0)}</updated>
<author><name>${title}</name></author>
${address !== undefined && html`<link rel="self" type="application/atom+xml" href="${href('feed.xml')}"/>\n`}<link rel="alternate" type="text/html" href="${href('index.html')}"/>
${entries.slice(0, most).map(
  ({
    key,
    title: what,
    link,
    at,
    text,
  }) => html`<entry><title>${what}</title><id>${idOf(key)}</id><updated>${isoTime(at)}</updated><link rel="alternate" type="text/html" href="${href(link)}"/><summary>${text.slice(0, 1000)}</summary></entry>
`,
)}</feed>
`.text;
}

/** The same for the same thing, wherever the site is: a UUID made of its name (RFC 9562, version 8). */
function idOf(key: string): string {
  const bytes = sha256(new TextEncoder().encode(key)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
