/** The id of a dataset version, `name@version`: what pins and results call it. */
export function datasetId({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}
