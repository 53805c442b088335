import { createRootBuilder } from '@holdfast/content/root';
import type { DatasetFile, PrivateKey } from '@holdfast/manifest';
import { sha256 } from '@holdfast/manifest';
import { FileListWriter } from '@holdfast/manifest/files';
import { type ListedDataset, rawCid, signUnchecked, toHex } from '@holdfast/manifest/internal';

/** A signed manifest of so many small files, and the list beside it. */
export function listedVersion(
  version: string,
  count: number,
  key: PrivateKey,
): Record<string, string | Uint8Array> {
  const builder = createRootBuilder();
  const writer = new FileListWriter();
  const list = Buffer.concat([...writer.write(added(files(count), builder))]);
  const dataset: ListedDataset = {
    name: 'many',
    version,
    revision: 1,
    description: 'Many small files',
    license: 'CC0-1.0',
    tier: 'standard',
    cid: builder.finish().cid,
    profile: 'unixfs-v1-2025',
    created: '2026-11-21T06:30:00Z',
    ...writer.claims(rawCid(sha256(list))),
  };
  const manifest = signUnchecked({ dataset, signatures: [] }, key);
  return {
    [`manifests/many-v${version}.json`]: JSON.stringify(manifest, null, 2),
    [`manifests/many-v${version}.files.jsonl`]: list,
  };
}

function* added(
  all: Iterable<DatasetFile>,
  builder: ReturnType<typeof createRootBuilder>,
): Generator<DatasetFile> {
  for (const file of all) {
    builder.add(file);
    yield file;
  }
}

function* files(count: number): Generator<DatasetFile> {
  for (let at = 0; at < count; at++) {
    const digest = sha256(new TextEncoder().encode(`file ${at}`));
    const folder = String(Math.floor(at / 1000)).padStart(5, '0');
    const path = `data/${folder}/part-${String(at).padStart(7, '0')}.csv`;
    yield { path, size: 100 + (at % 900), sha256: toHex(digest), cid: rawCid(digest), mediaType: 'text/csv' };
  }
}
