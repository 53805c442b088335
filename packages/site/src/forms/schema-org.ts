import type { Dataset as SchemaDataset, WithContext } from 'schema-dts';
import { versionAddress } from '../html/link.ts';
import type { CataloguedVersion } from '../model/catalogue.ts';
import type { SiteValues } from '../model/site-values.ts';
import { licenseAddress } from './data-package.ts';

/** What search engines for data read (schema.org Dataset). */
export function schemaOrgDataset(
  { address, title }: Pick<SiteValues, 'address' | 'title'>,
  { dataset }: CataloguedVersion,
  base: string,
) {
  const { name, version, license, creators, keywords, homepage, citation, sources, created, expires, cid } =
    dataset;
  const page = versionAddress(address, dataset);
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    ...(page !== undefined && { '@id': page }),
    name: dataset.title ?? name,
    alternateName: name,
    description: dataset.description,
    version,
    identifier: `ipfs://${cid}`,
    url: page ?? homepage ?? base,
    dateCreated: created,
    isAccessibleForFree: true,
    ...(license !== undefined && { license: licenseAddress(license) }),
    ...(keywords !== undefined && { keywords }),
    ...(citation !== undefined && { citation }),
    ...(expires !== undefined && { expires }),
    ...(creators !== undefined && {
      creator: creators.map((creator) => ({
        '@type': 'Person' as const,
        name: creator.name,
        ...(creator.orcid !== undefined && { sameAs: `https://orcid.org/${creator.orcid}` }),
        ...(creator.url !== undefined && { url: creator.url }),
      })),
    }),
    ...(sources !== undefined && {
      isBasedOn: sources.map((source) => source.url ?? source.title),
    }),
    includedInDataCatalog: {
      '@type': 'DataCatalog',
      name: title,
      ...(address !== undefined && { url: address }),
    },
    distribution: [
      {
        '@type': 'DataDownload',
        contentUrl: base.startsWith('ipfs:') ? base : `${base}?format=car`,
        encodingFormat: 'application/vnd.ipld.car',
        contentSize: `${dataset.totalSize} B`,
      },
    ],
  } satisfies WithContext<SchemaDataset>;
}
