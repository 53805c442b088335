import { countFiles } from '@holdfast/manifest/files';
import { bytes, count } from '@holdfast/manifest/text';
import { bdi, type Html, html } from '../html/html.ts';
import { datasetPage } from '../html/link.ts';
import type { Page } from '../html/page.ts';
import type { CataloguedDataset } from '../model/catalogue.ts';
import { standingOf, standingText } from '../model/health.ts';
import { filterField } from '../parts/filter.ts';
import { opening } from '../parts/prose.ts';

const perPage = 200;

/** The list of all datasets, in pages. */
export function* cataloguePages(catalogue: readonly CataloguedDataset[]): Generator<Page> {
  const pages = Math.max(1, Math.ceil(catalogue.length / perPage));
  for (let page = 0; page < pages; page++) {
    const shown = catalogue.slice(page * perPage, (page + 1) * perPage);
    const path = pathOf(page);
    yield {
      path,
      title: page === 0 ? 'Datasets' : `Datasets ${shown[0]?.name} to ${shown.at(-1)?.name}`,
      description: `${count(catalogue.length, 'dataset')}: files, licences, CIDs, copies.`,
      section: 'datasets',
      body: (up) => html`<h1>Datasets</h1>
<p class="lead">${count(catalogue.length, 'dataset')}${pages > 1 && `, page ${page + 1} of ${pages}`}</p>
${shown.length > 10 && filterField('catalogue', pages > 1 ? 'this page' : 'datasets')}<ul class="cards" id="catalogue">${shown.map((one) => card(up, one))}</ul>
${pages > 1 && pageLinks(up, catalogue, page)}`,
    };
  }
}

const pathOf = (page: number) => (page === 0 ? 'datasets/index.html' : `datasets/page-${page + 1}.html`);

function card(up: string, { name, latest, versions }: CataloguedDataset): Html {
  const { dataset } = latest;
  const words = [dataset.title, dataset.description, ...(dataset.keywords ?? [])].filter(
    (word) => word !== undefined,
  );
  return html`<li class="card ${standingOf(latest)}" data-f="${name} ${opening(words.join(' '), 200)}"><h2><a href="${up}${datasetPage(name)}">${bdi(dataset.title ?? name)}</a></h2>
<p dir="auto">${opening(dataset.description)}</p>
<p class="facts"><span>${name} ${dataset.version}</span> ${dataset.license !== undefined && html`<span>${dataset.license}</span> `}<span>${count(countFiles(dataset), 'file')}, ${bytes(dataset.totalSize)}</span> <span>${standingText(latest)}</span>${versions.length > 1 && html` <span>${versions.length} versions</span>`}</p></li>
`;
}

/** Many pages: the first, the last, those around, by what they begin with. */
function pageLinks(up: string, catalogue: readonly CataloguedDataset[], page: number): Html {
  const pages = Math.ceil(catalogue.length / perPage);
  const shown = Array.from({ length: pages }, (_, index) => index).filter(
    (index) => index === 0 || index === pages - 1 || Math.abs(index - page) <= 3,
  );
  return html`<nav class="pages" aria-label="Pages">${shown.map(
    (index) =>
      html`<a href="${up}${pathOf(index)}"${index === page && html` aria-current="page"`}><b>${index + 1}</b> ${catalogue[index * perPage]?.name ?? ''}</a> `,
  )}</nav>`;
}
