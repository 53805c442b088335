import { count } from '@holdfast/manifest/text';
import type { Summary } from '@holdfast/watch';
import { bdi, type Html, html } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import type { CataloguedDataset } from '../model/catalogue.ts';
import type { SiteValues } from '../model/site-values.ts';
import { endingList } from '../parts/ending-list.ts';
import { incidentList } from '../parts/incident-list.ts';
import { moment } from '../parts/time.ts';
import { changes } from './changes.ts';
import { datasetRows } from './dataset-rows.ts';
import { figures } from './figures.ts';
import { gatewayTable } from './gateway-table.ts';
import { notes } from './notes.ts';
import { peerRows } from './peer-rows.ts';
import { replication } from './replication.ts';
import { storage } from './storage.ts';
import { verdictOf } from './verdict.ts';

const listedAtMost = 100;
const closedShown = 5;

/** How things are: whether all is well first, then what is not, then everything else. */
export function statusPage(values: SiteValues, catalogue: readonly CataloguedDataset[]): Page {
  const { title, summary, at } = values;
  const verdict = verdictOf(catalogue, summary, at);
  return {
    path: 'index.html',
    title,
    description: `${verdict.headline}.`,
    section: 'status',
    body: (up) => html`<section class="verdict ${verdict.health}">
<h1>${verdict.headline}</h1>
${verdict.details.length > 0 && html`<ul>${verdict.details.map((detail) => html`<li>${bdi(detail)}</li>`)}</ul>\n`}${summary?.lastAt !== undefined && html`<p>Last look ${moment(summary.lastAt)} <span>· ${count(summary.rounds, 'look')} in all</span></p>`}
<p class="stale" hidden data-at="${summary?.lastAt ?? ''}">Stale: this page is more than a day old. How things are now is not known.</p>
</section>
${notes(values.notes ?? [], at)}${summary !== undefined && figures(summary)}
${openIncidents(summary, at)}${datasetRows(up, catalogue, summary?.datasets[0]?.days.length ?? 90)}
${summary !== undefined && [peerRows(summary), gatewayTable(summary), storage(summary), replication(summary)]}
${endings(values)}${pastIncidents(up, summary, at)}${changes(up, catalogue, summary)}`,
  };
}

function openIncidents(summary: Summary | undefined, at: number): Html {
  const open = summary?.incidents.filter(({ closedAt }) => closedAt === undefined) ?? [];
  if (open.length === 0) return html``;
  return html`<section><h2>Open now</h2>${incidentList(open.slice(0, listedAtMost), at)}</section>\n`;
}

function endings({ endings: all = [], at }: SiteValues): Html {
  if (all.length === 0) return html``;
  return html`<section id="endings"><h2>About to end</h2>${endingList(all.slice(0, listedAtMost), at)}</section>\n`;
}

function pastIncidents(up: string, summary: Summary | undefined, at: number): Html {
  if (summary === undefined) return html``;
  const closed = summary.incidents.filter(({ closedAt }) => closedAt !== undefined);
  return html`<section id="incidents"><h2>Last 30 days</h2>
${closed.length === 0 ? html`<p>No incident that is over.</p>` : html`${incidentList(closed.slice(0, closedShown), at)}<p><a href="${up}incidents.html">${count(closed.length, 'incident')} in all</a></p>`}</section>`;
}
