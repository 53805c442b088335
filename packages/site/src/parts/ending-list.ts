import type { Ending } from '@holdfast/watch';
import { bdi, type Html, html } from '../html/html.ts';
import { durationText } from '../model/quantity.ts';
import { day } from './time.ts';

/** What ends soon, and what keeps it. */
export function endingList(endings: readonly Ending[], at: number): Html {
  return html`<ul class="endings">${endings.map(
    ({ what, endsAt, todo }) =>
      html`<li class="${endsAt <= at ? 'lost' : 'degraded'}"><span>${bdi(what)}</span> <span>${day(endsAt)}, ${endsAt <= at ? 'over' : `in ${durationText(endsAt - at)}`}</span><br><code>${todo}</code></li>\n`,
  )}</ul>`;
}
