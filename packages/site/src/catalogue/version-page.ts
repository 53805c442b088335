import type { DatasetFile } from '@holdfast/manifest';
import { countFiles } from '@holdfast/manifest/files';
import { bytes, commandPath, count } from '@holdfast/manifest/text';
import { dayBar, daysText } from '../draw/day-bar.ts';
import { addressOf, contentBase } from '../forms/dataset-lines.ts';
import { schemaOrgDataset } from '../forms/schema-org.ts';
import { bdi, type Html, html } from '../html/html.ts';
import { datasetPage, versionPage } from '../html/link.ts';
import type { Page } from '../html/page.ts';
import type { CataloguedDataset, CataloguedVersion } from '../model/catalogue.ts';
import { copiesText, healthOf, healthWords } from '../model/health.ts';
import { shareText } from '../model/quantity.ts';
import type { SiteValues } from '../model/site-values.ts';
import { opening, prose } from '../parts/prose.ts';
import { bibtex, citationOf } from './citation.ts';
import { versionFacts } from './version-facts.ts';

/** Rows in the page; SHA256SUMS beside it has all of them. */
export const filesInPage = 200;

/** Everything about one version. `files` are its first ones; `listed` says whether the forms beside the page are there. */
export function versionPageOf(
  values: SiteValues,
  { name, latest, versions }: CataloguedDataset,
  version: CataloguedVersion,
  files: readonly DatasetFile[],
  listed: boolean,
): Page {
  const { dataset } = version;
  const base = contentBase(values.gateways?.[0], dataset.cid);
  const title = `${dataset.title ?? name} ${dataset.version}`;
  return {
    path: versionPage(name, dataset.version),
    title,
    description: opening(dataset.description, 300),
    section: 'datasets',
    jsonLd: schemaOrgDataset(values, version, base),
    body: (
      up,
    ) => html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${up}datasets/index.html">Datasets</a> / <a href="${up}${datasetPage(name)}">${name}</a> / <span>${dataset.version}</span></nav>
<h1>${bdi(dataset.title ?? name)} <small>${dataset.version}</small></h1>
${banner(up, latest, version)}${prose(dataset.description)}
${dataset.keywords !== undefined && html`<ul class="tags">${dataset.keywords.map((word) => html`<li>${bdi(word)}</li>`)}</ul>\n`}<div class="split"><div>
${copies(values, version)}${fetching(values, version, base)}${fileTable(version, files, base, listed)}${origin(version)}${citing(version)}</div>
${versionFacts(values, version, versions.length, listed)}</div>`,
  };
}

function banner(up: string, latest: CataloguedVersion, { dataset }: CataloguedVersion): Html {
  if (dataset.withdrawn !== undefined)
    return html`<aside class="note lost"><h2>Withdrawn</h2>${prose(dataset.withdrawn.reason)}</aside>\n`;
  if (latest.dataset.version === dataset.version) return html``;
  return html`<aside class="note"><p>There is a later version: <a href="${up}${versionPage(dataset.name, latest.dataset.version)}">${latest.dataset.version}</a></p></aside>\n`;
}

function copies({ summary }: SiteValues, { watched, dataset }: CataloguedVersion): Html {
  if (watched?.now === undefined || dataset.withdrawn !== undefined) return html``;
  const names = new Map(summary?.peers.map(({ id, name, now }) => [id, { name, region: now?.region }]));
  const health = healthOf(watched);
  return html`<section class="copies ${health}"><h2>Copies</h2>
<p><b class="state">${copiesText(watched)}</b>${health !== 'healthy' && html` <em>${healthWords[health]}</em>`} <span>at least one in ${shareText(watched.available)}, all in ${shareText(watched.healthy)} of the time known</span></p>
${dayBar(watched.days, daysText(watched.days, 'with all copies', watched.healthy))}
<p class="scale" aria-hidden="true"><span>${watched.days[0]?.date ?? ''}</span><span>${watched.days.at(-1)?.date ?? ''}</span></p>
${watched.now.on.length > 0 && html`<ul class="tags">${watched.now.on.map((id) => html`<li>${bdi(names.get(id)?.name ?? id)}${names.get(id)?.region !== undefined && html` <small>${bdi(names.get(id)?.region ?? '')}</small>`}</li>`)}</ul>`}</section>
`;
}

function fetching(
  { gateways = [], repository }: SiteValues,
  { dataset, path }: CataloguedVersion,
  base: string,
): Html {
  if (dataset.withdrawn !== undefined) return html``;
  const { cid, name, version } = dataset;
  const places = gateways.map((gateway) => ` --gateway ${gateway}`).join('');
  return html`<section><h2>Fetch it</h2>
<p>Verified file by file, from whichever place answers${repository !== undefined && html`, in a clone of <a href="${repository}">the repository</a>`}:</p>
<pre><code>holdfast fetch ${commandPath(path, 'MANIFEST')} -o ${name}-${version}${places}</code></pre>
<p>With IPFS:</p>
<pre><code>ipfs get ${cid} -o ${name}-${version}</code></pre>
${
  gateways.length > 0 &&
  html`<p>As one CAR file, whose blocks can be verified:</p>
<pre><code>curl -fL '${base}?format=car' -o ${name}-${version}.car</code></pre>`
}</section>
`;
}

function fileTable(
  { dataset }: CataloguedVersion,
  files: readonly DatasetFile[],
  base: string,
  listed: boolean,
): Html {
  const total = countFiles(dataset);
  const linked = /^https?:/.test(base) && dataset.withdrawn === undefined;
  return html`<section><h2>${count(total, 'file')}, ${bytes(dataset.totalSize)}</h2>
${
  files.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Files"><table class="files"><thead><tr><th scope="col">Path<th scope="col" class="number">Size<th scope="col">SHA-256</tr></thead><tbody>${files.map(
    ({ path, size, sha256, cid }) =>
      html`<tr><th scope="row">${linked ? html`<a href="${addressOf(base, path)}" title="${cid}">${bdi(path)}</a>` : bdi(path)}<td class="number">${bytes(size)}<td><code>${sha256}</code></tr>\n`,
  )}</tbody></table></div>
`
}${total > files.length && html`<p>${listed ? html`The first ${files.length} of ${total}: <a href="SHA256SUMS">SHA256SUMS</a> has all of them.` : html`The list of all ${total} files: <code>ipfs cat ${dataset.fileList?.cid ?? dataset.cid}</code>`}</p>`}</section>
`;
}

function origin({ dataset }: CataloguedVersion): Html {
  const { sources = [], mirrors = [] } = dataset;
  if (sources.length + mirrors.length === 0) return html``;
  return html`<section><h2>Where it is from</h2>
<ul>${sources.map(({ title, url }) => html`<li>${url === undefined ? bdi(title) : html`<a href="${url}" rel="nofollow">${bdi(title)}</a>`}</li>`)}${mirrors.map((mirror) => html`<li>Also at <a href="${mirror}" rel="nofollow">${mirror}</a></li>`)}</ul></section>
`;
}

function citing({ dataset }: CataloguedVersion): Html {
  return html`<section><h2>Cite it</h2>
<p class="prose" dir="auto">${citationOf(dataset)}</p>
<details><summary>BibTeX</summary><pre><code>${bibtex(dataset)}</code></pre></details></section>
`;
}
