import { digestOf, type ExportSource, jsonWithList, type ListedFile } from './dataset-lines.ts';

/** Data Package 1.0 (specs.frictionlessdata.io), which readers of version 2 read as well. Paths are those beside the file. */
export function dataPackage({ dataset, files }: ExportSource): AsyncIterable<string> {
  const { license } = dataset;
  const head = {
    profile: 'data-package',
    name: dataset.name,
    id: `ipfs://${dataset.cid}`,
    version: dataset.version,
    title: dataset.title,
    description: dataset.description,
    homepage: dataset.homepage,
    keywords: dataset.keywords,
    created: dataset.created,
    licenses: license === undefined ? undefined : [{ name: license, path: licenseAddress(license) }],
    contributors: dataset.creators?.map(({ name, email }) => ({
      title: name,
      ...(email !== undefined && { email }),
      role: 'author',
    })),
    sources: dataset.sources?.map(({ title, url }) => ({ title, ...(url !== undefined && { path: url }) })),
  };
  return jsonWithList(head, 'resources', resources(files));
}

/** The page of an SPDX identifier; of an expression, the page that lists them. */
export function licenseAddress(license: string): string {
  return /^[A-Za-z0-9.-]+$/.test(license)
    ? `https://spdx.org/licenses/${license}.html`
    : 'https://spdx.org/licenses/';
}

async function* resources(files: ExportSource['files']) {
  for await (const file of files) {
    const { path, size, sha256, mediaType } = file;
    yield {
      name: resourceName(file),
      path,
      bytes: size,
      hash: `sha256:${sha256}`,
      ...(mediaType !== undefined && { mediatype: mediaType }),
    };
  }
}

/** A name may have small letters, digits and `.-_/`. Of another path it is what can be kept, and the digest of the path. */
function resourceName({ path }: ListedFile): string {
  if (/^[a-z0-9._/-]+$/.test(path)) return path;
  const kept = path.toLowerCase().replace(/[^a-z0-9._/-]+/g, '-');
  return `${kept}-${digestOf(path)}`;
}
