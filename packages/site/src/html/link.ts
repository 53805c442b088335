/** The page of a version, from the root of the site. It names the file, so that it works from a disk too. */
export function versionPage(name: string, version: string): string {
  return `${versionFolder(name, version)}index.html`;
}

/** Names and versions have only characters that an address, and a disk, takes as they are. */
export function versionFolder(name: string, version: string): string {
  return `datasets/${name}/${version}/`;
}

export const datasetPage = (name: string): string => `datasets/${name}/index.html`;

/** From the page at `path` up to the root of the site. */
export function upFrom(path: string): string {
  return '../'.repeat(path.split('/').length - 1) || './';
}
