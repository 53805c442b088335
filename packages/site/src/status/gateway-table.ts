import type { Summary } from '@holdfast/watch';
import { sparkline } from '../draw/line-plot.ts';
import { bdi, type Html, html } from '../html/html.ts';
import { latencyText, shareText } from '../model/quantity.ts';

/** Gateways: whether they serve, how often they did, how fast. */
export function gatewayTable({ places: all }: Summary): Html {
  if (all.length === 0) return html``;
  return html`<section id="gateways"><h2>Gateways</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Gateways"><table><thead><tr><th scope="col">Gateway<th scope="col">Now<th scope="col" class="number">Served<th scope="col" class="number">p50<th scope="col" class="number">p95<th scope="col" class="number">p99<th scope="col">p95 by day</tr></thead><tbody>${all.map(
    ({ id, region, looks, ok, p50Ms, p95Ms, p99Ms, fault, days }) =>
      html`<tr><th scope="row"><bdi>${id.replace(/^https?:\/\//, '')}</bdi>${region !== undefined && html` <small>${bdi(region)}</small>`}<td class="${fault === undefined ? 'healthy' : 'lost'}">${fault === undefined ? 'serves' : html`<em>${bdi(fault)}</em>`}<td class="number">${shareText(looks === 0 ? undefined : ok / looks)} <small>of ${looks}</small><td class="number">${latencyText(p50Ms)}<td class="number">${latencyText(p95Ms)}<td class="number">${latencyText(p99Ms)}<td>${sparkline(
        days.map((day) => day.p95Ms),
        `p95 by day, ${latencyText(days.find((day) => day.p95Ms !== undefined)?.p95Ms)} to ${latencyText(days.findLast((day) => day.p95Ms !== undefined)?.p95Ms)}`,
      )}</tr>\n`,
  )}</tbody></table></div></section>
`;
}
