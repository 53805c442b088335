import { bdi, type Html, html } from '../html/html.ts';
import { dayMs } from '../model/quantity.ts';
import type { SiteNote } from '../model/site-values.ts';
import { prose } from '../parts/prose.ts';
import { moment } from '../parts/time.ts';

/** Planned work until it is over, and other notes for 30 days. */
export function notes(all: readonly SiteNote[], at: number): Html {
  const current = all.filter(({ from, until }) => (until ?? from + 30 * dayMs) > at);
  return html`${current.map(
    ({ title, text, from, until }) =>
      html`<aside class="note"><h2>${bdi(title)}</h2><p class="when">${until !== undefined && (from > at ? 'Planned: ' : 'Now: ')}${moment(from)}${until !== undefined && html` to ${moment(until)}`}</p>${text !== undefined && prose(text)}</aside>\n`,
  )}`;
}
