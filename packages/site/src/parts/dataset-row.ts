import { dayBar, daysText } from '../draw/day-bar.ts';
import { bdi, type Html, html } from '../html/html.ts';
import { versionPage } from '../html/link.ts';
import type { CataloguedVersion } from '../model/catalogue.ts';
import { copiesText, healthOf, healthWords } from '../model/health.ts';
import { shareText } from '../model/quantity.ts';

/** A version in a list: how many copies it has, and how that was over the last days. */
export function datasetRow(up: string, { id, dataset, watched }: CataloguedVersion): Html {
  const { name, version } = dataset;
  const health = healthOf(watched);
  return html`<li class="row ${health}" data-f="${id}"><span class="what"><a href="${up}${versionPage(name, version)}">${bdi(name)}</a> <small>${version}</small></span><span class="now">${copiesText(watched)}${health !== 'healthy' && html` <em>${healthWords[health]}</em>`}</span>${watched !== undefined && dayBar(watched.days, daysText(watched.days, 'with all copies', watched.healthy))}<span class="share">${shareText(watched?.healthy)}</span></li>\n`;
}

/** What the columns of these rows are. */
export const datasetRowsHead = (days: number): Html =>
  html`<p class="row head" aria-hidden="true"><span class="what">Dataset</span><span class="now">Copies</span><span class="bar">${days} days</span><span class="share">Whole</span></p>`;
