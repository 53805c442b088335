import { type Html, html } from '../html/html.ts';
import type { CataloguedDataset, CataloguedVersion } from '../model/catalogue.ts';
import { healthOf } from '../model/health.ts';
import { datasetRow, datasetRowsHead } from '../parts/dataset-row.ts';
import { filterField } from '../parts/filter.ts';
import { isKept } from './verdict.ts';

/** On the page: all have one of their own in the catalogue. */
const rowsAtMost = 100;
const orderOf = { lost: 0, degraded: 1, unknown: 2, healthy: 3 } as const;

/** Those that are not well come first. */
export function datasetRows(up: string, catalogue: readonly CataloguedDataset[], days: number): Html {
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
