import { ManifestError } from '../error.ts';
import type { Dataset, DatasetFile } from '../manifest/manifest.ts';
import { FileListReader, type ListClaims } from './list-reader.ts';
import type { ListSource } from './list-source.ts';

/** The files of a dataset, sorted by path, wherever they are listed. */
export interface DatasetFiles extends AsyncIterable<DatasetFile> {
  readonly count: number;
}

/** How many files a dataset has. */
export function countFiles({ files, fileList }: Dataset): number {
  return files === undefined ? fileList.count : files.length;
}

/**
 * The files of a dataset. With a file list, `source` has its bytes, which are checked while they are read: after the last file, or
 * before, the iteration throws a ManifestError with the code `list/invalid` if they are not the list that was signed.
 */
export function filesOf(dataset: Dataset, source?: ListSource | undefined): DatasetFiles {
  if (dataset.files !== undefined) return inlineFiles(dataset.files);
  const { fileList, totalSize } = dataset;
  return {
    count: fileList.count,
    [Symbol.asyncIterator]: () => listedFiles({ fileList, totalSize }, source),
  };
}

export function inlineFiles(files: readonly DatasetFile[]): DatasetFiles {
  return {
    count: files.length,
    async *[Symbol.asyncIterator]() {
      yield* files;
    },
  };
}

async function* listedFiles(
  claims: ListClaims,
  source: ListSource | undefined,
): AsyncGenerator<DatasetFile, void, undefined> {
  if (source === undefined)
    throw new ManifestError('list/missing', `the list of the ${claims.fileList.count} files is not there`, {
      hint: `put back the .files.jsonl file beside the manifest, or name a gateway that has ${claims.fileList.cid}`,
    });
  let batch: DatasetFile[] = [];
  const reader = new FileListReader(claims, {
    file: source.name,
    maxProblems: 1,
    onFile: (file) => void batch.push(file),
  });
  for await (const part of parts(source.read())) {
    const goesOn = reader.push(part);
    const files = batch;
    batch = [];
    yield* files;
    if (!goesOn) break;
  }
  const { ok, problems } = reader.end();
  if (ok) return;
  const [first] = problems;
  throw new ManifestError(
    'list/invalid',
    `${source.name}:${first?.line ?? 1}: ${first?.message ?? 'the list cannot be read'}`,
    first?.hint === undefined ? {} : { hint: first.hint },
  );
}

const partLength = 256 * 1024;

/** A list in one buffer is handed on in parts, so that its files are not all in memory at once. */
export async function* parts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += partLength) yield chunk.subarray(at, at + partLength);
}
