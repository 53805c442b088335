import { createHash } from 'node:crypto';
import { ContentError, readVerified } from '@holdfast/content';
import type { Change, Problem } from '@holdfast/manifest';

export interface ContentOptions {
  readonly gateways: readonly string[];
  readonly signal: AbortSignal;
}

/** Fetches what changed manifests list and holds size and SHA-256 against them. The blocks prove the CIDs as they arrive. */
export async function checkContent(changes: readonly Change[], options: ContentOptions): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { kind, path, before, after } of changes) {
    if (after === undefined || kind === 'unchanged' || after.manifest.dataset.withdrawn) continue;
    // What was merged under this CID was looked at when it was.
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
    for await (const bytes of readVerified(cid, sources, { signal, maxBytes: size })) {
      hash.update(bytes);
      read += bytes.length;
    }
  } catch (error) {
    if (signal.aborted) return late(path);
    if (error instanceof ContentError && error.code === 'too-large')
      return { ...different, message: `${shown(path)} is larger than the ${size} bytes listed` };
    return unavailable(path, error);
  }
  const digest = hash.digest('hex');
  if (read !== size)
    return { ...different, message: `${shown(path)} expected ${size} bytes, its CID has ${read}` };
  return digest === sha256
    ? undefined
    : { ...different, message: `${shown(path)} expected SHA-256 ${sha256}, its CID has ${digest}` };
}

const different = {
  code: 'content/different',
  hint: 'Create the manifest from the files again (`holdfast create`), sign it and publish the content.',
} as const;

function late(path: string): Fault {
  return {
    code: 'content/deadline',
    message: `${shown(path)} was not fetched before the deadline; what follows it was not tried`,
    hint: 'Raise the input `content-deadline`, or add a gateway that is nearer to the content.',
  };
}

function unavailable(path: string, error: unknown): Fault {
  return {
    code: 'content/unavailable',
    message: `${shown(path)} could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Publish the content (`holdfast publish`) to a node that the gateways reach.',
  };
}

function shown(path: string): string {
  return JSON.stringify(path);
}
