import type { Dataset } from '@holdfast/manifest';
import type { SiteDataset } from '@holdfast/site';

const fileCid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am';

/** A version as a merged manifest says: three files, and every field that pages show. */
export function siteDataset(index: number): SiteDataset & { readonly dataset: Dataset } {
  const name = `station-${String(index).padStart(6, '0')}`;
  const files = ['1990.csv', '1991.csv', 'README.md'].map((path, file) => ({
    path,
    size: 1000 + index + file,
    sha256: (index * 3 + file).toString(16).padStart(64, '0'),
    cid: fileCid,
    mediaType: 'text/csv',
  }));
  return {
    path: `manifests/${name}-v1.0.0.json`,
    digest: index.toString(16).padStart(64, '0'),
    signedBy: ['alice'],
    files,
    dataset: {
      name,
      version: '1.0.0',
      revision: 1,
      title: `Readings of station ${index}`,
      description: `Hourly readings of station ${index}: time in UTC, and metres above chart datum.`,
      keywords: ['tides', 'sea level'],
      creators: [{ name: 'Ann Example', orcid: '0000-0002-1825-0097' }],
      license: 'CC-BY-4.0',
      tier: 'standard',
      cid: 'bafybeiguibjqwfq5x6rzmwlyvuknopfrjfxoald4aajvqcijqhp6no5b5q',
      profile: 'unixfs-v1-2025',
      totalSize: 3003 + 3 * index,
      created: '2026-11-21T06:30:00Z',
      files,
    },
  };
}
