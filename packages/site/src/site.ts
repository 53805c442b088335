import type { DatasetFile } from '@holdfast/manifest';
import { countFiles } from '@holdfast/manifest/files';
import { icon } from './assets/icon.ts';
import { script } from './assets/script.ts';
import { styleSheet } from './assets/style-sheet.ts';
import { cataloguePages } from './catalogue/catalogue-pages.ts';
import { datasetPageOf } from './catalogue/dataset-page.ts';
import { filesInPage, versionPageOf } from './catalogue/version-page.ts';
import { type Badge, badgeEndpoint, badgeSvg } from './draw/badge.ts';
import { croissant } from './forms/croissant.ts';
import { dataPackage } from './forms/data-package.ts';
import { dataCite } from './forms/datacite.ts';
import { contentBase } from './forms/dataset-lines.ts';
import { dcatCatalog } from './forms/dcat.ts';
import { atomFeed } from './forms/feed.ts';
import { sha256Sums } from './forms/sha256-sums.ts';
import { sitemaps } from './forms/sitemap.ts';
import { versionFolder } from './html/link.ts';
import { type Frame, type Page, pageText } from './html/page.ts';
import { type CataloguedDataset, type CataloguedVersion, catalogueOf } from './model/catalogue.ts';
import { copiesText, healthOf } from './model/health.ts';
import { timeText } from './model/quantity.ts';
import type { SiteFile, SiteValues } from './model/site-values.ts';
import { incidentAnchor } from './parts/incident-list.ts';
import { incidentsPage } from './status/incidents-page.ts';
import { statusJson } from './status/status-json.ts';
import { statusPage } from './status/status-page.ts';
import { verdictOf } from './status/verdict.ts';

/** Of a dataset with more files, the forms that list each are left to `holdfast export`. */
export const listedAtMost = 20_000;

/**
 * The files of a status page and a catalogue, one by one. They depend on the values alone, and name each other by relative
 * addresses: the folder works wherever it is put.
 */
export async function* siteFiles(values: SiteValues): AsyncGenerator<SiteFile, void, undefined> {
  const catalogue = catalogueOf(values);
  const frame = frameOf(values);
  const pages: string[] = [];
  const page = (made: Page): SiteFile => {
    pages.push(made.path);
    return { path: made.path, text: pageText(frame, made) };
  };
  yield page(statusPage(values, catalogue));
  yield page(incidentsPage(values));
  for (const list of cataloguePages(catalogue)) yield page(list);
  for (const dataset of catalogue) {
    yield page(datasetPageOf(dataset));
    yield* badges(`datasets/${dataset.name}/`, badgeOf(dataset));
    for (const version of dataset.versions) yield* versionFiles(values, dataset, version, page);
  }
  yield { path: 'status.json', text: statusJson(values, catalogue) };
  yield { path: 'catalog.jsonld', text: dcatCatalog(values, catalogue) };
  yield { path: 'feed.xml', text: atomFeed(values, catalogue, incidentAnchor) };
  if (values.address !== undefined) yield* sitemaps(pages, values.address);
  yield* badges('', siteBadge(values, catalogue));
  yield { path: 'style.css', text: styleSheet };
  yield { path: 'page.js', text: script };
  yield { path: 'icon.svg', text: icon };
}

async function* versionFiles(
  values: SiteValues,
  dataset: CataloguedDataset,
  version: CataloguedVersion,
  page: (made: Page) => SiteFile,
): AsyncGenerator<SiteFile> {
  const { files } = version;
  const listed = files !== undefined && countFiles(version.dataset) <= listedAtMost;
  yield page(versionPageOf(values, dataset, version, await firstOf(files), listed));
  const folder = versionFolder(dataset.name, version.dataset.version);
  yield { path: `${folder}datacite.json`, text: dataCite(version.dataset) };
  if (!listed) return;
  const source = {
    dataset: version.dataset,
    files,
    base: contentBase(values.gateways?.[0], version.dataset.cid),
  };
  yield { path: `${folder}croissant.json`, text: croissant(source) };
  yield { path: `${folder}datapackage.json`, text: dataPackage(source) };
  yield { path: `${folder}SHA256SUMS`, text: sha256Sums(source) };
}

async function firstOf(files: CataloguedVersion['files']): Promise<DatasetFile[]> {
  const first: DatasetFile[] = [];
  if (files === undefined) return first;
  for await (const file of files) {
    first.push(file);
    if (first.length === filesInPage) break;
  }
  return first;
}

function frameOf({ title, address, repository, summary }: SiteValues): Frame {
  const seen =
    summary?.lastAt === undefined
      ? 'Made from signed manifests.'
      : `Made from signed manifests and what was seen up to ${timeText(summary.lastAt)}.`;
  return { title, address, repository, seen };
}

const badgeOf = ({ latest }: CataloguedDataset): Badge => ({
  label: 'copies',
  message: latest.dataset.withdrawn === undefined ? copiesText(latest.watched) : 'withdrawn',
  health: latest.dataset.withdrawn === undefined ? healthOf(latest.watched) : 'unknown',
});

function siteBadge(values: SiteValues, catalogue: readonly CataloguedDataset[]): Badge {
  const { health } = verdictOf(catalogue, values.summary, values.at);
  const words = { healthy: 'all copies', degraded: 'not whole', lost: 'copies lost', unknown: 'not known' };
  return { label: 'datasets', message: words[health], health };
}

function* badges(folder: string, badge: Badge): Generator<SiteFile> {
  yield { path: `${folder}badge.svg`, text: badgeSvg(badge) };
  yield { path: `${folder}badge.json`, text: badgeEndpoint(badge) };
}
