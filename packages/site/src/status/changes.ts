import type { Summary } from '@holdfast/watch';
import { bdi, type Html, html } from '../html/html.ts';
import { versionPage } from '../html/link.ts';
import type { CataloguedDataset } from '../model/catalogue.ts';
import { moment } from '../parts/time.ts';

const changesShown = 10;

/** What came and went, with a link where it is still there. */
export function changes(
  up: string,
  catalogue: readonly CataloguedDataset[],
  summary: Summary | undefined,
): Html {
  if (summary === undefined || summary.changes.length === 0) return html``;
  const pages = new Map(
    catalogue.flatMap(({ versions }) => versions.map(({ id, dataset }) => [id, dataset])),
  );
  return html`
<section id="changes"><h2>Recent changes</h2>
<ul class="changes">${summary.changes.slice(0, changesShown).map(({ at, id, what }) => {
    const dataset = pages.get(id);
    const name =
      dataset === undefined
        ? bdi(id)
        : html`<a href="${up}${versionPage(dataset.name, dataset.version)}">${bdi(id)}</a>`;
    return html`<li>${moment(at)} ${name} ${what}</li>\n`;
  })}</ul></section>`;
}
