import { createHash } from 'node:crypto';
import type { RetrievalResult } from '@holdfast/datasets';
import type { Dataset, DatasetFile } from '@holdfast/manifest';

/** Where blocks come from. Each is verified against its CID first. */
export interface Retrieval {
  readonly gateways: readonly string[];
  /** The block of the CID itself. */
  readonly block: (cid: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** The bytes of a file. */
  readonly file: (cid: string, maxBytes: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

export interface RetrievalOptions {
  readonly extent: 'sample' | 'all';
  readonly random: () => number;
  readonly signal: AbortSignal;
}

const sampled = 5;

/** Fetches a dataset back: its root and, of a sample of files, the first bytes; or everything. */
export async function retrieve(
  dataset: Pick<Dataset, 'cid' | 'files'>,
  retrieval: Retrieval,
  { extent, random, signal }: RetrievalOptions,
): Promise<RetrievalResult> {
  const missing: string[] = [];
  let blocks = 0;
  let bytes = 0;
  const attempt = async (what: string, work: () => Promise<number>) => {
    try {
      bytes += await work();
      blocks += 1;
    } catch (error) {
      signal.throwIfAborted();
      missing.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await attempt('the root', async () => (await retrieval.block(dataset.cid, signal)).length);
  const files = extent === 'all' ? dataset.files : sample(dataset.files, random);
  for (const file of files) {
    if (missing.length >= sampled) break;
    if (file.cid === dataset.cid && extent === 'sample') continue;
    await attempt(file.path, () => readFile(file, retrieval, { whole: extent === 'all', signal }));
  }
  return { ok: missing.length === 0, blocks, bytes, gateways: retrieval.gateways, missing };
}

async function readFile(
  file: DatasetFile,
  retrieval: Retrieval,
  { whole, signal }: { readonly whole: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of retrieval.file(file.cid, file.size, signal)) {
    hash.update(chunk);
    size += chunk.length;
    if (!whole) return size;
  }
  const sha256 = hash.digest('hex');
  if (size === file.size && sha256 === file.sha256) return size;
  throw new Error(`expected ${file.size} bytes with SHA-256 ${file.sha256}, got ${size} with ${sha256}`);
}

/** Some of them, each equally likely, in their order. */
function sample(files: readonly DatasetFile[], random: () => number): DatasetFile[] {
  const left = [...files];
  const chosen = new Set<DatasetFile>();
  while (chosen.size < sampled && left.length > 0) {
    const [file] = left.splice(Math.floor(random() * left.length), 1);
    if (file !== undefined) chosen.add(file);
  }
  return files.filter((file) => chosen.has(file));
}
