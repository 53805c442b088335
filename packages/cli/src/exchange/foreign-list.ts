import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';
import { exists, fromCwd, kindOfOperand } from '../frame/operand-file.ts';
import type { ForeignFile, ForeignList, ListKind } from './foreign-file.ts';
import { readBag } from './read-bag.ts';
import { readDvcDir, readDvcFile, readHubTree } from './read-json-list.ts';
import { readSums } from './read-sums.ts';

/** Reads a list of another tool, of the kind that was named or that it seems to be. */
export async function readForeignList(
  cwd: string,
  shown: string,
  kind: ListKind | undefined,
): Promise<ForeignList> {
  const place = fromCwd(cwd, shown);
  if ((await kindOfOperand(cwd, shown)) === 'folder') {
    if (await exists(join(place, 'bagit.txt'))) return readBag(place, shown);
    throw new Misuse(
      `${escapeText(shown)} is a folder without bagit.txt`,
      'name a list of files; for a plain folder, use holdfast create',
    );
  }
  const seems = kind ?? (await kindOf(place, shown));
  switch (seems) {
    case 'bagit':
      throw new Misuse(`${escapeText(shown)} is a file, expected the folder of a bag`);
    case 'dvc':
      return shown.endsWith('.dvc') ? readDvcFile(place, shown) : readDvcDir(place, shown);
    case 'huggingface':
      return readHubTree(place, shown);
    case 'sha256sums': {
      const files: ForeignFile[] = [];
      for await (const { path, digest } of readSums(place, shown, 64)) files.push({ path, sha256: digest });
      return { kind: seems, digest: 'SHA-256', files };
    }
  }
}

/** By its name and its first kilobytes. */
async function kindOf(place: string, shown: string): Promise<ListKind> {
  if (shown.endsWith('.dvc')) return 'dvc';
  await using file = await open(place);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  const start = buffer.toString('utf8', 0, bytesRead).trimStart();
  if (!start.startsWith('[')) return 'sha256sums';
  return /"relpath"/.test(start) ? 'dvc' : 'huggingface';
}
