import { bytes, count } from '@holdfast/manifest/text';
import type { Summary } from '@holdfast/watch';
import { dayBar, daysText } from '../draw/day-bar.ts';
import { linePlot, sparkline } from '../draw/line-plot.ts';
import { amountBars } from '../draw/region-bars.ts';
import { bdi, type Html, html } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import type { CataloguedDataset, CataloguedVersion } from '../model/catalogue.ts';
import { healthOf } from '../model/health.ts';
import { dayText, durationText, latencyText, shareText } from '../model/quantity.ts';
import type { SiteNote, SiteValues } from '../model/site-values.ts';
import { datasetRow, datasetRowsHead } from '../parts/dataset-row.ts';
import { endingList } from '../parts/ending-list.ts';
import { filterField } from '../parts/filter.ts';
import { incidentList } from '../parts/incident-list.ts';
import { prose } from '../parts/prose.ts';
import { moment } from '../parts/time.ts';
import { isKept, verdictOf } from './verdict.ts';

/** Rows on the page: those that are not well come first, and all have a page in the catalogue. */
const rowsAtMost = 100;
const orderOf = { lost: 0, degraded: 1, unknown: 2, healthy: 3 } as const;

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
${openIncidents(summary, at)}${datasets(up, catalogue, summary?.datasets[0]?.days.length ?? 90)}
${summary !== undefined && [peers(summary), places(summary), storage(summary), replication(summary)]}
${endings(values)}${pastIncidents(up, summary, at)}`,
  };
}

function figures({ copies, datasets, peers: all, repairMs }: Summary): Html {
  const shares = datasets.map(({ available }) => available).filter((share) => share !== undefined);
  const available =
    shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const up = all.filter(({ now }) => now?.up === true).length;
  return html`<dl class="figures">
<div><dt>Copies of a dataset</dt><dd>${copies === undefined ? '–' : html`${copies.average.toFixed(2)} <small>of ${copies.wanted.toFixed(2)} wanted</small>`}</dd></div>
<div><dt>At least one copy</dt><dd>${shareText(available)} <small>of the time known</small></dd></div>
<div><dt>Peers up</dt><dd>${up} <small>of ${all.length}</small></dd></div>
<div><dt>Time to repair</dt><dd>${repairMs === undefined ? '–' : html`${durationText(repairMs.median)} <small>median of ${repairMs.count}, longest ${durationText(repairMs.longest)}</small>`}</dd></div>
</dl>`;
}

function notes(all: readonly SiteNote[], at: number): Html {
  const current = all.filter(({ from, until }) => (until ?? from + 30 * 86_400_000) > at);
  return html`${current.map(
    ({ title, text, from, until }) =>
      html`<aside class="note"><h2>${bdi(title)}</h2><p class="when">${until !== undefined && (from > at ? 'Planned: ' : 'Now: ')}${moment(from)}${until !== undefined && html` to ${moment(until)}`}</p>${text !== undefined && prose(text)}</aside>\n`,
  )}`;
}

function openIncidents(summary: Summary | undefined, at: number): Html {
  const open = summary?.incidents.filter(({ closedAt }) => closedAt === undefined) ?? [];
  if (open.length === 0) return html``;
  return html`<section><h2>Open now</h2>${incidentList(open.slice(0, rowsAtMost), at)}</section>\n`;
}

function datasets(up: string, catalogue: readonly CataloguedDataset[], days: number): Html {
  const versions = catalogue
    .flatMap((dataset) =>
      dataset.versions.filter(
        (version) => isKept(version) && (version === dataset.latest || version.watched !== undefined),
      ),
    )
    .sort((a, b) => rank(a) - rank(b));
  if (versions.length === 0)
    return html`<section><h2>Datasets</h2><p>There are no datasets yet.</p></section>`;
  const shown = versions.slice(0, rowsAtMost);
  return html`<section id="datasets"><h2>Datasets</h2>
${shown.length > 10 && filterField('dataset-rows', 'datasets')}${datasetRowsHead(days)}
<ul class="rows" id="dataset-rows">${shown.map((version) => datasetRow(up, version))}</ul>
${versions.length > shown.length && html`<p>${versions.length - shown.length} more are well or not known: <a href="${up}datasets/index.html">all datasets</a></p>`}</section>`;
}

const rank = ({ watched }: CataloguedVersion) => orderOf[healthOf(watched)];

function peers({ peers: all }: Summary): Html {
  if (all.length === 0) return html``;
  const sorted = all.toSorted(
    (a, b) => compare(a.now?.region ?? '', b.now?.region ?? '') || compare(a.name, b.name),
  );
  return html`<section id="peers"><h2>Peers</h2>
<ul class="rows">${sorted.map(
    ({ name, now, days, up }) =>
      html`<li class="row ${now?.up === true ? 'healthy' : 'lost'}"><span class="what">${bdi(name)} <small>${now?.region === undefined ? '' : bdi(now.region)}</small></span><span class="now">${now?.up === true ? (now.free === undefined ? 'up' : `up, ${bytes(now.free)} free`) : html`<em>${now === undefined ? 'gone' : 'down'}</em>`}</span>${dayBar(days, daysText(days, 'up', up))}<span class="share">${shareText(up)}</span></li>\n`,
  )}</ul></section>
`;
}

function places({ places: all }: Summary): Html {
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

function storage({ storage: byRegion }: Summary): Html {
  const amounts = Object.entries(byRegion)
    .filter(([, size]) => size > 0)
    .sort(([a], [b]) => compare(a, b));
  if (amounts.length === 0) return html``;
  return html`<section id="storage"><h2>Storage by region</h2>
${amountBars(amounts.map(([name, value]) => ({ name: name === '' ? 'no region' : name, value, text: bytes(value) })))}</section>
`;
}

function replication({ copiesByDay }: Summary): Html {
  const [first, last] = [copiesByDay[0], copiesByDay.at(-1)];
  if (first === undefined || last === undefined || copiesByDay.length < 2) return html``;
  const days = everyDay(copiesByDay);
  return html`<section id="replication"><h2>Copies over time</h2>
${linePlot(
  [
    { kind: 'second', name: 'wanted', values: days.map((day) => day?.wanted) },
    { kind: 'first', name: 'copies', values: days.map((day) => day?.average) },
  ],
  {
    label: `Average copies of a dataset: ${first.average.toFixed(2)} on ${first.date}, ${last.average.toFixed(2)} of ${last.wanted.toFixed(2)} wanted on ${last.date}`,
    text: (value) => String(Math.round(value * 100) / 100),
    from: dayText(Date.parse(first.date)),
    to: dayText(Date.parse(last.date)),
  },
)}
<p class="legend"><span class="first">copies that exist</span> <span class="second">wanted</span></p></section>
`;
}

/** A day in which nothing is known is a gap. */
function everyDay(known: Summary['copiesByDay']): (Summary['copiesByDay'][number] | undefined)[] {
  const byDate = new Map(known.map((day) => [day.date, day]));
  const [from, to] = [Date.parse(known[0]?.date ?? ''), Date.parse(known.at(-1)?.date ?? '')];
  const days: (Summary['copiesByDay'][number] | undefined)[] = [];
  for (let at = from; at <= to; at += 86_400_000)
    days.push(byDate.get(new Date(at).toISOString().slice(0, 10)));
  return days;
}

function endings({ endings: all = [], at }: SiteValues): Html {
  if (all.length === 0) return html``;
  return html`<section id="endings"><h2>About to end</h2>${endingList(all.slice(0, rowsAtMost), at)}</section>\n`;
}

function pastIncidents(up: string, summary: Summary | undefined, at: number): Html {
  if (summary === undefined) return html``;
  const closed = summary.incidents.filter(({ closedAt }) => closedAt !== undefined);
  return html`<section id="incidents"><h2>Last 30 days</h2>
${closed.length === 0 ? html`<p>No incident that is over.</p>` : html`${incidentList(closed.slice(0, 5), at)}<p><a href="${up}incidents.html">${count(closed.length, 'incident')} in all</a></p>`}</section>`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
