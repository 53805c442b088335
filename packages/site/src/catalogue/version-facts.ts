import type { Dataset } from '@holdfast/manifest';
import { licenseAddress } from '../forms/data-package.ts';
import { addressOf } from '../forms/dataset-lines.ts';
import { bdi, type Html, html } from '../html/html.ts';
import type { CataloguedVersion } from '../model/catalogue.ts';
import type { SiteValues } from '../model/site-values.ts';
import { day } from '../parts/time.ts';

/** Facts of a version in a word each, and its forms for programs. */
export function versionFacts(
  { repository }: Pick<SiteValues, 'repository'>,
  { dataset, digest, signedBy, path }: CataloguedVersion,
  versions: number,
  listed: boolean,
): Html {
  const { license, creators = [], cid, homepage, expires } = dataset;
  const facts: readonly (readonly [name: string, value: Html | string | undefined])[] = [
    ['CID', code(cid)],
    [
      'License',
      license === undefined ? 'not said' : html`<a href="${licenseAddress(license)}">${license}</a>`,
    ],
    ['Tier', dataset.tier],
    ['Created', day(Date.parse(dataset.created))],
    ['Ends', expires === undefined ? undefined : day(Date.parse(expires))],
    ['By', creators.length === 0 ? undefined : html`${creators.map(creatorText)}`],
    ['Signed by', signedBy.length === 0 ? undefined : bdi(signedBy.join(', '))],
    [
      'Homepage',
      homepage === undefined ? undefined : outside(homepage, homepage.replace(/^https?:\/\//, '')),
    ],
    ['Profile', dataset.profile],
    ['Revision', String(dataset.revision)],
    ['Digest', code(digest)],
    [
      'Manifest',
      repository === undefined ? code(path) : html`<a href="${fileOf(repository, path)}">${bdi(path)}</a>`,
    ],
    ['Versions', versions === 1 ? undefined : html`<a href="../index.html">${versions} versions</a>`],
  ];
  const forms = listed ? ['Croissant', 'Data Package', 'SHA256SUMS', 'DataCite'] : ['DataCite'];
  return html`<aside class="facts" aria-label="Facts"><dl>
${facts.map(([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
<h2>For programs</h2>
<ul>${forms.map((form) => html`<li><a href="${formFiles[form] ?? ''}">${form}</a></li>`)}</ul></aside>`;
}

const formFiles: Readonly<Record<string, string>> = {
  Croissant: 'croissant.json',
  'Data Package': 'datapackage.json',
  SHA256SUMS: 'SHA256SUMS',
  DataCite: 'datacite.json',
};

const code = (text: string): Html => html`<code>${text}</code>`;
const outside = (address: string, text: string): Html =>
  html`<a href="${address}" rel="nofollow">${bdi(text)}</a>`;

function creatorText({ name, orcid, url }: NonNullable<Dataset['creators']>[number], index: number): Html {
  const page = orcid === undefined ? url : `https://orcid.org/${orcid}`;
  return html`${index > 0 && ', '}${page === undefined ? bdi(name) : outside(page, name)}`;
}

const fileOf = (repository: string, path: string): string =>
  addressOf(`${repository.replace(/\/+$/, '')}/blob/HEAD`, path);
