import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type HashOptions, hashFolder, type ListedPaths } from '@holdfast/content';
import { bytes, count, escapeText } from '@holdfast/manifest/text';
import { inBatches } from '../frame/batch.ts';
import type { Report } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { hiddenAmong } from './hidden-files.ts';

export interface FolderToList {
  /** The full path. */
  readonly root: string;
  /** As it was named. */
  readonly folder: string;
}

/** What of a folder would become a dataset, without reading a file. */
export async function listing({ root, folder }: FolderToList, options: HashOptions): Promise<Report> {
  const { files, skipped } = await listed(root, options);
  const isFile = (await stat(root)).isFile();
  const sized = await inBatches(files, async (path) => ({
    path,
    size: (await stat(isFile ? root : join(root, path))).size,
  }));
  const totalSize = sized.reduce((sum, { size }) => sum + size, 0);
  const hidden = hiddenAmong(files);
  return {
    exitCode: exitCode.ok,
    result: { files: sized, totalSize, skipped, hidden },
    quiet: files.join('\n'),
    text: (paint) =>
      [
        `${count(files.length, 'file')} in ${escapeText(folder)} would go in, ${bytes(totalSize)}:`,
        ...sized.map(({ path, size }) => `  ${escapeText(path)}  ${paint.dim(bytes(size))}`),
        ...(skipped.length > 0 ? ['left out:'] : []),
        ...skipped.map(({ path, reason }) => `  ${escapeText(path)} (${reason})`),
        ...(hidden.length > 0
          ? [
              paint.yellow('create asks about:'),
              ...hidden.map((path) => `  ${escapeText(path)}`),
              'to leave files out, list them in .holdfastignore in the folder',
            ]
          : []),
        'nothing was written',
      ].join('\n'),
  };
}

/** Thrown to end the work once the list is there. */
const enough = new Error('the list is enough');

async function listed(root: string, options: HashOptions): Promise<ListedPaths> {
  let found: ListedPaths = { files: [], skipped: [] };
  await hashFolder(root, {
    ...options,
    onListed: (list) => {
      found = list;
      throw enough;
    },
  }).catch((error: unknown) => {
    if (error !== enough) throw error;
  });
  return found;
}
