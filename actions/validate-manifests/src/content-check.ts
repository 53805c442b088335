import {
  type BlockSource,
  ContentError,
  type FileVerdict,
  type ListedFile,
  verifyFile,
} from '@holdfast/content';
import type { Change, Problem } from '@holdfast/manifest';
import { fileListPath } from '@holdfast/manifest/files';
import { bringsContent, type ReadManifest } from '@holdfast/manifest/internal';
import { createGateways } from '@holdfast/retrieval';
import { contentCatalogue } from './content-catalogue.ts';

export interface ContentOptions {
  readonly gateways: readonly string[];
  readonly signal: AbortSignal;
}

/** Fetches the files that changed manifests list, and compares size and SHA-256. Each block is verified against its CID on arrival. */
export async function checkContent(changes: readonly Change[], options: ContentOptions): Promise<Problem[]> {
  const problems: Problem[] = [];
  const source = createGateways(options.gateways.map((url) => ({ kind: 'gateway', url })));
  // Content with the CID of a merged one was checked when that was merged.
  for (const change of changes.filter(bringsContent)) {
    let index = 0;
    for await (const file of change.files ?? []) {
      const fault = await fileFault(file, source, options.signal);
      if (fault !== undefined) problems.push({ ...fault, severity: 'error', ...placeOf(change, index) });
      if (options.signal.aborted) return problems;
      index++;
    }
  }
  return problems;
}

/** Where a file is listed: in the manifest, or in the list beside it. */
function placeOf({ path, after }: Change & { readonly after: ReadManifest }, index: number) {
  if (after.manifest.dataset.files === undefined)
    return { file: fileListPath(path), path: '', line: index + 1, column: 1 };
  const pointer = `/dataset/files/${index}`;
  return { file: path, path: pointer, ...after.locate(pointer) };
}

type Fault = Pick<Problem, 'code' | 'message' | 'hint'>;

async function fileFault(
  file: ListedFile & { readonly path: string },
  source: BlockSource,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  const { path, size, sha256 } = file;
  let verdict: FileVerdict;
  try {
    verdict = await verifyFile(file, source, { signal });
  } catch (error) {
    if (signal.aborted) {
      return fault(
        'content/deadline',
        `${shown(path)} was not fetched before the deadline; the files after it were not tried`,
      );
    }
    if (error instanceof ContentError && error.code === 'too-large') {
      return fault('content/different', `${shown(path)} is larger than the ${size} bytes listed`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    return fault('content/unavailable', `${shown(path)} could not be fetched: ${reason}`);
  }
  if (verdict.ok) return undefined;
  const message =
    verdict.size === size
      ? `${shown(path)} expected SHA-256 ${sha256}, its CID has ${verdict.sha256}`
      : `${shown(path)} expected ${size} bytes, its CID has ${verdict.size}`;
  return fault('content/different', message);
}

function fault(code: keyof typeof contentCatalogue, message: string): Fault {
  return { code, message, hint: contentCatalogue[code].fix };
}

function shown(path: string): string {
  return JSON.stringify(path);
}
