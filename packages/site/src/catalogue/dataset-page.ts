import { countFiles } from '@holdfast/manifest/files';
import { bytes, count } from '@holdfast/manifest/text';
import { bdi, type Html, html } from '../html/html.ts';
import { datasetPage, versionPage } from '../html/link.ts';
import type { Page } from '../html/page.ts';
import type { CataloguedDataset, CataloguedVersion } from '../model/catalogue.ts';
import { standingOf, standingText } from '../model/health.ts';
import { opening, prose } from '../parts/prose.ts';
import { day } from '../parts/time.ts';
import { differenceOf, type VersionDifference } from './version-difference.ts';

const rowsShown = 100;

/** A dataset: its versions, and what each changed. */
export function datasetPageOf({ name, latest, versions }: CataloguedDataset): Page {
  const { dataset } = latest;
  return {
    path: datasetPage(name),
    title: dataset.title ?? name,
    description: opening(dataset.description, 300),
    section: 'datasets',
    body: (
      up,
    ) => html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${up}datasets/index.html">Datasets</a> / <span>${name}</span></nav>
<h1>${bdi(dataset.title ?? name)}</h1>
${prose(dataset.description)}
<p><a class="button" href="${up}${versionPage(name, dataset.version)}">Version ${dataset.version}: files, how to fetch it</a></p>
<section><h2>Versions</h2>
<ol class="versions">${versions.map((version, index) => versionItem(up, version, versions[index + 1]))}</ol></section>
<section><h2>Badge</h2>
<p><img src="badge.svg" alt="Copies of ${name}"></p>
<p>For shields.io, its <a href="badge.json">endpoint</a>.</p></section>`,
  };
}

function versionItem(up: string, version: CataloguedVersion, before: CataloguedVersion | undefined): Html {
  const { dataset } = version;
  return html`<li class="${standingOf(version)}"><h3><a href="${up}${versionPage(dataset.name, dataset.version)}">${dataset.version}</a></h3>
<p class="facts"><span>${day(Date.parse(dataset.created))}</span> <span>${count(countFiles(dataset), 'file')}, ${bytes(dataset.totalSize)}</span> <span>${standingText(version)}</span></p>
${before !== undefined && difference(differenceOf(before, version), before.dataset.version)}</li>
`;
}

function difference(found: VersionDifference | undefined, before: string): Html {
  if (found === undefined)
    return html`<p>Its files are in a list: <code>holdfast diff</code> compares them.</p>`;
  const { added, removed, changed, same } = found;
  if (added.length + removed.length + changed.length === 0) return html`<p>The same files as ${before}.</p>`;
  const rows = [
    ...added.map(({ path, size }) => ['added', path, `+${bytes(size)}`] as const),
    ...changed.map(([was, now]) => ['changed', now.path, `${bytes(was.size)} → ${bytes(now.size)}`] as const),
    ...removed.map(({ path, size }) => ['removed', path, `−${bytes(size)}`] as const),
  ];
  return html`<details><summary>Since ${before}: ${count(added.length, 'file')} added, ${changed.length} changed, ${removed.length} removed, ${same} the same</summary>
<ul class="difference">${rows.slice(0, rowsShown).map(([kind, path, size]) => html`<li class="${kind}"><b>${kind}</b> <bdi>${path}</bdi> <small>${size}</small></li>`)}</ul>${rows.length > rowsShown && html`<p>${rows.length - rowsShown} more.</p>`}</details>`;
}
