import { bytes } from '@holdfast/manifest/text';
import type { Summary } from '@holdfast/watch';
import { dayBar, daysText } from '../draw/day-bar.ts';
import { bdi, type Html, html } from '../html/html.ts';
import { compareText } from '../model/order.ts';
import { shareText } from '../model/quantity.ts';

/** Peers by region. */
export function peerRows({ peers: all, proofs }: Summary): Html {
  if (all.length === 0) return html``;
  const sorted = all.toSorted(
    (a, b) => compareText(a.now?.region ?? '', b.now?.region ?? '') || compareText(a.name, b.name),
  );
  return html`<section id="peers"><h2>Peers</h2>
<ul class="rows">${sorted.map(
    ({ name, now, days, up }) =>
      html`<li class="row ${now?.up === true ? 'healthy' : 'lost'}"><span class="what">${bdi(name)} <small>${now?.region === undefined ? '' : bdi(now.region)}</small></span><span class="now">${now?.up === true ? (now.free === undefined ? 'up' : `up, ${bytes(now.free)} free`) : html`<em>${now === undefined ? 'gone' : 'down'}</em>`}</span>${dayBar(days, daysText(days, 'up', up))}<span class="share">${shareText(up)}</span></li>\n`,
  )}</ul>${shown(proofs)}</section>
`;
}

/** Whether peers could show what they say they have. */
function shown({ proved, refuted, unreachable }: Summary['proofs']): Html {
  if (proved + refuted + unreachable === 0) return html``;
  const also = [
    refuted > 0 && `${refuted} could not be shown`,
    unreachable > 0 && `${unreachable} could not be asked for`,
  ].filter((part) => part !== false);
  return html`<p class="when">Copies asked for block by block: ${proved} shown${also.length > 0 && `, ${also.join(', ')}`}.</p>`;
}
