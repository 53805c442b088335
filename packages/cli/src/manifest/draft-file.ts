import { rm } from 'node:fs/promises';
import { createDataset, type Dataset, formatManifest, type Manifest } from '@holdfast/manifest';
import { fileListPath } from '@holdfast/manifest/files';
import { manifestSchemaAddress } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { holdingFile } from '../frame/file-lock.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists, fromCwd } from '../frame/operand-file.ts';
import type { DraftList } from './draft-list.ts';
import type { Described, Named } from './draft-questions.ts';
import type { Content } from './empty-content.ts';
import { writeDocument } from './manifest-file.ts';
import { manifestProblems } from './manifest-problems.ts';

/** Everything about a new version but its content. */
export interface Draft {
  readonly named: Named;
  readonly fields: Described;
  readonly repository: string | undefined;
}

/** The manifest of a draft, unsigned. */
export function manifestOf(content: Content, { named, fields, repository }: Draft, tools: Tools): Manifest {
  return {
    $schema: manifestSchemaAddress,
    dataset: createDataset(content, {
      // The manifest is checked before it is written.
      ...(fields as Pick<Dataset, 'description' | 'tier'>),
      name: named.name,
      version: named.version,
      repository,
      created: createdAt(tools),
      previous: named.previous && { version: named.previous.version, digest: named.previous.digest },
    }),
    signatures: [],
  };
}

/** What is wrong with a manifest that is not written yet, and its text for the excerpts. */
export function describedManifest(path: string, manifest: Manifest) {
  const text = formatManifest(manifest);
  return { problems: manifestProblems(path, text), sources: new Map([[path, text]]) };
}

/** Writes it, unless somebody else did in the meantime. */
export async function writeDraft(
  path: string,
  manifest: Manifest,
  { force, list }: { readonly force: boolean; readonly list?: DraftList | undefined },
  tools: Tools,
): Promise<void> {
  try {
    await holdingFile(fromCwd(tools.cwd, path), tools.signal, async () => {
      await refuseExisting(path, force, tools);
      // The list first: a manifest without its list is not valid, a list without its manifest is nothing.
      await list?.keep();
      await writeDocument(tools.cwd, path, manifest);
      if (force && list === undefined) await rm(fromCwd(tools.cwd, fileListPath(path)), { force: true });
    });
  } finally {
    await list?.discard();
  }
}

export async function refuseExisting(path: string, force: boolean, tools: Tools): Promise<void> {
  if (force || !(await exists(fromCwd(tools.cwd, path)))) return;
  throw new Misuse(
    `${escapeText(path)} exists already`,
    'a merged version never changes: choose another --version. To replace a draft that is not merged, add --force',
  );
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org) makes the same folder give the same manifest. */
function createdAt({ env, clock }: Tools): Date {
  const epoch = env.SOURCE_DATE_EPOCH;
  return epoch && /^\d{1,12}$/.test(epoch) ? new Date(Number(epoch) * 1000) : clock();
}
