import { versionAddress } from '../html/link.ts';
import type { CataloguedDataset } from '../model/catalogue.ts';
import type { SiteValues } from '../model/site-values.ts';
import { licenseAddress } from './data-package.ts';
import { contentBase } from './dataset-lines.ts';

/** A catalogue for those that collect others (DCAT 3, in JSON-LD). One line a dataset: it may be long. */
export async function* dcatCatalog(
  { title, address, gateways }: Pick<SiteValues, 'title' | 'address' | 'gateways'>,
  catalogue: readonly CataloguedDataset[],
): AsyncGenerator<string> {
  const context = {
    dcat: 'http://www.w3.org/ns/dcat#',
    dct: 'http://purl.org/dc/terms/',
    foaf: 'http://xmlns.com/foaf/0.1/',
    xsd: 'http://www.w3.org/2001/XMLSchema#',
  };
  yield `{"@context":${JSON.stringify(context)},"@type":"dcat:Catalog",${address === undefined ? '' : `"@id":${JSON.stringify(address)},`}"dct:title":${JSON.stringify(title)},"dcat:dataset":[`;
  let separator = '\n';
  for (const { versions } of catalogue) {
    for (const { dataset } of versions) {
      if (dataset.withdrawn !== undefined) continue;
      const { license, creators, keywords, homepage } = dataset;
      const page = versionAddress(address, dataset);
      const base = contentBase(gateways?.[0], dataset.cid);
      yield `${separator}${JSON.stringify({
        '@type': 'dcat:Dataset',
        '@id': page ?? `ipfs://${dataset.cid}`,
        'dct:title': dataset.title ?? dataset.name,
        'dct:description': dataset.description,
        'dct:identifier': `ipfs://${dataset.cid}`,
        'dcat:version': dataset.version,
        'dct:issued': { '@type': 'xsd:dateTime', '@value': dataset.created },
        ...(license !== undefined && { 'dct:license': { '@id': licenseAddress(license) } }),
        ...(keywords !== undefined && { 'dcat:keyword': keywords }),
        ...(homepage !== undefined && { 'dcat:landingPage': { '@id': homepage } }),
        ...(creators !== undefined && {
          'dct:creator': creators.map(({ name, orcid }) => ({
            '@type': 'foaf:Agent',
            ...(orcid !== undefined && { '@id': `https://orcid.org/${orcid}` }),
            'foaf:name': name,
          })),
        }),
        'dcat:distribution': {
          '@type': 'dcat:Distribution',
          'dcat:accessURL': { '@id': base },
          'dcat:byteSize': { '@type': 'xsd:nonNegativeInteger', '@value': String(dataset.totalSize) },
        },
      })}`;
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}
