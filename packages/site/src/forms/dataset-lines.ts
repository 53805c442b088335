import type { Dataset, DatasetFile } from '@holdfast/manifest';
import { toHex } from '@holdfast/manifest/internal';
import { sha256 } from '@holdfast/manifest/sha256';

export type ListedFile = DatasetFile;

/** What an export is made from: the description once, and the files one by one. */
export interface ExportSource {
  readonly dataset: Dataset;
  readonly files: AsyncIterable<ListedFile> | Iterable<ListedFile>;
  /** Where the content can be fetched: the address of a folder of a gateway, or the `ipfs:` one. */
  readonly base: string;
}

/** Where the content of a CID is fetched: at a gateway, or by whoever speaks IPFS. */
export function contentBase(gateway: string | undefined, cid: string): string {
  return gateway === undefined ? `ipfs://${cid}` : `${gateway.replace(/\/+$/, '')}/ipfs/${cid}`;
}

/** The address of a file below the root of the dataset. */
export function addressOf(base: string, path: string): string {
  return `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** What tells two paths apart whose names became the same. */
export function digestOf(path: string): string {
  return toHex(sha256(new TextEncoder().encode(path)).subarray(0, 8));
}

/** One JSON document with a long list in it, a line for each value: nothing is held but the line. */
export async function* jsonWithList<T>(
  head: Readonly<Record<string, unknown>>,
  name: string,
  values: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<string> {
  const fields = Object.entries(head).filter(([, value]) => value !== undefined);
  yield `{\n${fields.map(([key, value]) => `  ${JSON.stringify(key)}: ${indented(value)},\n`).join('')}  ${JSON.stringify(name)}: [`;
  let separator = '\n';
  for await (const value of values) {
    yield `${separator}    ${JSON.stringify(value)}`;
    separator = ',\n';
  }
  yield '\n  ]\n}\n';
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}
