import { type BlockSource, readBlock, readVerified, verifyFile } from '@holdfast/content';
import type { RetrievalResult } from '@holdfast/datasets';
import type { DatasetFile } from '@holdfast/manifest';
import type { DatasetFiles } from '@holdfast/manifest/files';

/** Where blocks come from, and the addresses behind it for the report. */
export interface Retrieval {
  readonly gateways: readonly string[];
  readonly source: BlockSource;
}

export interface RetrievalOptions {
  readonly extent: 'sample' | 'all';
  readonly random: () => number;
  readonly signal: AbortSignal;
}

const sampled = 5;

/** Fetches a dataset back: its root and, of a sample of files, the first bytes; or everything. */
export async function retrieve(
  dataset: { readonly cid: string; readonly files: DatasetFiles },
  { gateways, source }: Retrieval,
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
  await attempt('the root', async () => (await readBlock(dataset.cid, source, { signal })).length);
  // Without the root nobody finds the way to any file.
  if (missing.length > 0) return { ok: false, blocks, bytes, gateways, missing };
  const files = extent === 'all' ? dataset.files : await sample(dataset.files, random);
  for await (const file of files) {
    if (missing.length >= sampled) break;
    if (file.cid === dataset.cid && extent === 'sample') continue;
    await attempt(file.path, () =>
      extent === 'all' ? wholeFile(file, source, signal) : firstBytes(file, source, signal),
    );
  }
  return { ok: missing.length === 0, blocks, bytes, gateways, missing };
}

async function wholeFile(file: DatasetFile, source: BlockSource, signal: AbortSignal): Promise<number> {
  const { ok, size, sha256 } = await verifyFile(file, source, { signal });
  if (ok) return size;
  throw new Error(`expected ${file.size} bytes with SHA-256 ${file.sha256}, got ${size} with ${sha256}`);
}

async function firstBytes(
  { cid, size }: DatasetFile,
  source: BlockSource,
  signal: AbortSignal,
): Promise<number> {
  for await (const chunk of readVerified(cid, source, { signal, maxBytes: size })) return chunk.length;
  return 0;
}

/** Some of them, each equally likely, in their order. Of a list of a million, only these are kept. */
async function sample(files: DatasetFiles, random: () => number): Promise<readonly DatasetFile[]> {
  const chosen: { readonly index: number; readonly file: DatasetFile }[] = [];
  let index = 0;
  for await (const file of files) {
    if (index < sampled) chosen.push({ index, file });
    else {
      const place = Math.floor(random() * (index + 1));
      if (place < sampled) chosen[place] = { index, file };
    }
    index++;
  }
  return chosen.sort((a, b) => a.index - b.index).map(({ file }) => file);
}
