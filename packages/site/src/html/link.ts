/** The page of a version, from the root of the site. It names the file, so that it works from a disk too. */
export function versionPage(name: string, version: string): string {
  return `${versionFolder(name, version)}index.html`;
}

/** Names and versions have only characters that an address, and a disk, takes as they are. */
export function versionFolder(name: string, version: string): string {
  return `datasets/${name}/${version}/`;
}

/** The whole address of a version's page, where it is known what the site will be called. */
export function versionAddress(
  address: string | undefined,
  { name, version }: { readonly name: string; readonly version: string },
): string | undefined {
  return address === undefined ? undefined : new URL(versionFolder(name, version), address).href;
}

export const datasetPage = (name: string): string => `datasets/${name}/index.html`;

/** From the page at `path` up to the root of the site. */
export function upFrom(path: string): string {
  return '../'.repeat(path.split('/').length - 1) || './';
}
