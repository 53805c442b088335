import type { Dataset } from '@holdfast/manifest';
import { countFiles } from '@holdfast/manifest/files';
import { licenseAddress } from './data-package.ts';

/** The fields that a DOI is registered with (DataCite 4): whoever wants one has them ready. */
export function dataCite(dataset: Dataset): string {
  const { title, name, version, creators = [], license, keywords = [], sources = [], created } = dataset;
  return `${JSON.stringify(
    {
      types: { resourceTypeGeneral: 'Dataset' },
      titles: [{ title: title ?? name }],
      creators:
        creators.length === 0
          ? [{ name: ':unkn' }]
          : creators.map((creator) => ({
              name: creator.name,
              ...(creator.orcid !== undefined && {
                nameIdentifiers: [
                  {
                    nameIdentifier: `https://orcid.org/${creator.orcid}`,
                    nameIdentifierScheme: 'ORCID',
                    schemeUri: 'https://orcid.org',
                  },
                ],
              }),
            })),
      publisher: { name: ':unav' },
      publicationYear: Number(created.slice(0, 4)),
      version,
      descriptions: [{ description: dataset.description, descriptionType: 'Abstract' }],
      subjects: keywords.map((subject) => ({ subject })),
      dates: [{ date: created, dateType: 'Created' }],
      sizes: [`${dataset.totalSize} bytes`, `${countFiles(dataset)} files`],
      rightsList:
        license === undefined
          ? []
          : [
              {
                rights: license,
                rightsUri: licenseAddress(license),
                rightsIdentifier: license,
                rightsIdentifierScheme: 'SPDX',
              },
            ],
      alternateIdentifiers: [
        { alternateIdentifier: `ipfs://${dataset.cid}`, alternateIdentifierType: 'CID' },
      ],
      relatedIdentifiers: sources.flatMap(({ url }) =>
        url === undefined
          ? []
          : [{ relatedIdentifier: url, relatedIdentifierType: 'URL', relationType: 'IsDerivedFrom' }],
      ),
      schemaVersion: 'http://datacite.org/schema/kernel-4',
    },
    null,
    2,
  )}\n`;
}
