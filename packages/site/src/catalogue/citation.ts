import type { Dataset } from '@holdfast/manifest';

/** As its makers ask, else from what they said. */
export function citationOf(dataset: Dataset): string {
  const { citation, creators = [], title, name, version, created, cid } = dataset;
  if (citation !== undefined) return citation;
  const by = creators.map((creator) => creator.name).join('; ');
  const year = `(${created.slice(0, 4)})`;
  const what = title ?? name;
  return `${by === '' ? `${what} ${year}` : `${by} ${year}: ${what}`}, version ${version}. ipfs://${cid}`;
}

export function bibtex({ creators = [], title, name, version, created, cid }: Dataset): string {
  const fields = [
    ['title', title ?? name],
    ['author', creators.map((creator) => creator.name).join(' and ')],
    ['year', created.slice(0, 4)],
    ['version', version],
    ['url', `ipfs://${cid}`],
  ] as const;
  const lines = fields
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `  ${key} = {${texText(value)}}`);
  return `@misc{${name.replace(/[^a-z0-9-]/g, '-')}-${version.replace(/[^A-Za-z0-9.-]/g, '-')},\n${lines.join(',\n')}\n}`;
}

/** What TeX would read as a command is written out. */
const texText = (text: string): string =>
  text
    .replace(/[\\{}]/g, ' ')
    .replace(/[$%&#_]/g, (character) => `\\${character}`)
    .replace(/\s+/g, ' ')
    .trim();
