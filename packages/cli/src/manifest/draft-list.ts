import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { digestPaths } from '@holdfast/content/internal/hash';
import { FileListWriter, fileListPath } from '@holdfast/manifest/files';
import { draftEnding } from '@holdfast/manifest/replace-file';
import { escapeText } from '@holdfast/manifest/text';
import type { Flags, Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { writeChunks } from '../frame/whole-file.ts';
import type { Content } from './empty-content.ts';

/** A manifest of a thousand files is some 200 kB; one of 1 MiB is the largest that is read. */
const inlineByDefault = 1000;

export const listFlags = {
  'inline-files': {
    type: 'string',
    value: 'N',
    about: `files that the manifest lists itself; of more, the list is written beside it; default: ${inlineByDefault}`,
  },
} as const satisfies Flags;

export function inlineFilesOf(given: string | undefined): number {
  if (given === undefined) return inlineByDefault;
  if (/^\d{1,7}$/.test(given)) return Number(given);
  throw new Misuse(
    `--inline-files expects a number of files, got "${escapeText(given)}"`,
    'for example 1000',
  );
}

/** A list that is written, and not yet under its name. */
export interface DraftList {
  /** Under which it will stand, as a person types it. */
  readonly path: string;
  keep(): Promise<void>;
  discard(): Promise<void>;
}

type WithFiles = Extract<Content, { readonly files: unknown }>;

/** The content for a manifest: with its files, or with a list of them that is written beside it. */
export async function contentFor(
  path: string,
  content: WithFiles,
  inlineFiles: number,
  tools: Tools,
): Promise<{ readonly content: Content; readonly list?: DraftList }> {
  if (content.files.length <= inlineFiles) return { content };
  const { cid, profile, totalSize } = content;
  const name = fileListPath(path);
  const place = fromCwd(tools.cwd, name);
  const draft = `${place}.${randomUUID().slice(0, 13)}${draftEnding}`;
  const discard = () => rm(draft, { force: true });
  try {
    const writer = new FileListWriter();
    await writeChunks(draft, writer.write(content.files));
    const [hash] = await digestPaths([basename(place)], [draft], { signal: tools.signal });
    const { fileList } = writer.claims(hash?.cid ?? '');
    const list = { path: name, keep: () => rename(draft, place), discard };
    return { content: { cid, profile, totalSize, fileList }, list };
  } catch (error) {
    await discard();
    throw error;
  }
}
