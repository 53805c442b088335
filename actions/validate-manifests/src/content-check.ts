import { createHash } from 'node:crypto';
import { ContentError, readVerified } from '@holdfast/content';
import type { Change, Problem } from '@holdfast/manifest';
import { createGateways } from '@holdfast/retrieval';
import { contentCatalogue } from './content-catalogue.ts';

export interface ContentOptions {
  readonly gateways: readonly string[];
  readonly signal: AbortSignal;
}

/** Fetches the files that changed manifests list, and compares size and SHA-256. Each block is verified against its CID on arrival. */
export async function checkContent(changes: readonly Change[], options: ContentOptions): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { kind, path, before, after } of changes) {
    if (after === undefined || kind === 'unchanged' || after.manifest.dataset.withdrawn) continue;
    // Content with this CID was checked when it was merged.
    if (before?.manifest.dataset.cid === after.manifest.dataset.cid) continue;
    for (const [index, file] of after.manifest.dataset.files.entries()) {
      const fault = await fileFault(file, options);
      if (fault === undefined) continue;
      const pointer = `/dataset/files/${index}`;
      problems.push({ ...fault, severity: 'error', file: path, path: pointer, ...after.locate(pointer) });
      if (options.signal.aborted) return problems;
    }
  }
  return problems;
}

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly cid: string;
}

type Fault = Pick<Problem, 'code' | 'message' | 'hint'>;

async function fileFault(
  { path, size, sha256, cid }: ListedFile,
  { gateways, signal }: ContentOptions,
): Promise<Fault | undefined> {
  const hash = createHash('sha256');
  let read = 0;
  try {
    const sources = gateways.map((url) => ({ kind: 'gateway' as const, url }));
    for await (const bytes of readVerified(cid, createGateways(sources), { signal, maxBytes: size })) {
      hash.update(bytes);
      read += bytes.length;
    }
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
  if (read !== size)
    return fault('content/different', `${shown(path)} expected ${size} bytes, its CID has ${read}`);
  const digest = hash.digest('hex');
  if (digest === sha256) return undefined;
  return fault('content/different', `${shown(path)} expected SHA-256 ${sha256}, its CID has ${digest}`);
}

function fault(code: keyof typeof contentCatalogue, message: string): Fault {
  return { code, message, hint: contentCatalogue[code].fix };
}

function shown(path: string): string {
  return JSON.stringify(path);
}
