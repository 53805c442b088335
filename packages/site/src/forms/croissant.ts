import { licenseAddress } from './data-package.ts';
import { addressOf, digestOf, type ExportSource, jsonWithList } from './dataset-lines.ts';

/** Croissant 1.0 (docs.mlcommons.org/croissant): the files of a dataset, for tools of machine learning. */
export function croissant({ dataset, files, base }: ExportSource): AsyncIterable<string> {
  const { license, creators, keywords } = dataset;
  const head = {
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: dataset.title ?? dataset.name,
    description: dataset.description,
    version: dataset.version,
    datePublished: dataset.created,
    url: dataset.homepage ?? base,
    identifier: `ipfs://${dataset.cid}`,
    license: license === undefined ? undefined : licenseAddress(license),
    citeAs: dataset.citation,
    keywords,
    creator: creators?.map(({ name, email, orcid }) => ({
      '@type': 'sc:Person',
      name,
      ...(email !== undefined && { email }),
      ...(orcid !== undefined && { sameAs: `https://orcid.org/${orcid}` }),
    })),
  };
  return jsonWithList(head, 'distribution', fileObjects(files, base));
}

async function* fileObjects(files: ExportSource['files'], base: string) {
  for await (const { path, size, sha256, mediaType = 'application/octet-stream' } of files)
    yield {
      '@type': 'cr:FileObject',
      '@id': idOf(path),
      name: path,
      contentUrl: addressOf(base, path),
      contentSize: `${size} B`,
      encodingFormat: mediaType,
      sha256,
    };
}

/** Readers take no white space in an identifier, and compare it as it is written. */
function idOf(path: string): string {
  return /\s/.test(path) ? `${path.replace(/\s+/g, '-')}-${digestOf(path)}` : path;
}

/** As readers have it, in full: they compare it. */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  samplingRate: 'cr:samplingRate',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
};
