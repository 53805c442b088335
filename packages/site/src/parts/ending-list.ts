import type { Ending } from '@holdfast/watch';
import { bdi, type Html, html } from '../html/html.ts';
import { dayMs, durationText } from '../model/quantity.ts';
import { day } from './time.ts';

/** What ends soon, and what keeps it. */
export function endingList(endings: readonly Ending[], at: number): Html {
  return html`<ul class="endings">${endings.map(
    ({ what, endsAt, todo }) =>
      html`<li class="${endsAt <= at ? 'lost' : 'degraded'}"><span>${bdi(what)}</span> <span>${day(endsAt)}, ${endsAt <= at ? 'over' : `in ${durationText(coarse(endsAt - at))}`}</span><br><code>${todo}</code></li>\n`,
  )}</ul>`;
}

/** Days are enough where there are some. */
const coarse = (ms: number): number => (ms < 2 * dayMs ? ms : Math.floor(ms / dayMs) * dayMs);
