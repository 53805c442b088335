/** The id of a dataset version, `name@version`: what pins and results call it. */
export function datasetId({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

/** The name in the id of a version, or of a pin. */
export function datasetName(id: string): string {
  return id.slice(0, id.lastIndexOf('@'));
}

const ofList = '/files';

/** The id of the pin of a dataset's file list. No name and no version has a slash. */
export function listPinId(id: string): string {
  return `${id}${ofList}`;
}

/** The dataset that a pin belongs to: the pin of its content, or of its file list. */
export function datasetOfPin(pinId: string): string {
  return pinId.endsWith(ofList) ? pinId.slice(0, -ofList.length) : pinId;
}
