import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Dataset, DatasetFile } from '@holdfast/manifest';
import {
  type DatasetFiles,
  type FindList,
  fileListPath,
  filesOf,
  type ListSource,
} from '@holdfast/manifest/files';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';

/** The files of a manifest on disk: listed in it, beside it, or in a list that is found elsewhere. */
export async function filesOnDisk(
  cwd: string,
  path: string,
  dataset: Dataset,
  find?: FindList,
): Promise<DatasetFiles> {
  return filesOf(dataset, await listOnDisk(cwd, path, dataset, find));
}

/** The same, all at once. */
export async function allFilesOnDisk(
  cwd: string,
  path: string,
  dataset: Dataset,
  find?: FindList,
): Promise<readonly DatasetFile[]> {
  if (dataset.files !== undefined) return dataset.files;
  const files: DatasetFile[] = [];
  for await (const file of await filesOnDisk(cwd, path, dataset, find)) files.push(file);
  return files;
}

/** The same where they are at hand: undefined for a list that is not there. */
export async function filesAtHand(
  cwd: string,
  path: string,
  dataset: Dataset,
): Promise<readonly DatasetFile[] | undefined> {
  if (dataset.fileList !== undefined && (await listBeside(cwd, path)) === undefined) return undefined;
  return allFilesOnDisk(cwd, path, dataset);
}

/** The list of a dataset that has one. Without any of its bytes, the error says where it was looked for. */
export async function listOnDisk(
  cwd: string,
  path: string,
  { fileList }: Dataset,
  find?: FindList,
): Promise<ListSource | undefined> {
  if (fileList === undefined) return undefined;
  const source = (await listBeside(cwd, path)) ?? (await find?.(fileList));
  if (source !== undefined) return source;
  const asked = find === undefined ? '' : `, and no gateway serves it as ${fileList.cid}`;
  throw new Misuse(
    `the list of the ${fileList.count} files is not in ${escapeText(fileListPath(path))}${asked}`,
    'put it back, for example with git checkout, or name a gateway that has it where the command takes --gateway',
  );
}

/** The list beside a manifest, if there is one. */
export async function listBeside(cwd: string, path: string): Promise<ListSource | undefined> {
  const name = fileListPath(path);
  const place = fromCwd(cwd, name);
  const found = await stat(place).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  return { name, size: found.size, read: () => createReadStream(place, { highWaterMark: 1 << 20 }) };
}
