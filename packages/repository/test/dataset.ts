import { rootFromFiles } from '@holdfast/content/root';
import {
  type Dataset,
  type DatasetFile,
  formatPublicKey,
  generateKey,
  type Manifest,
  type PrivateKey,
  sha256,
} from '@holdfast/manifest';
import { FileListWriter } from '@holdfast/manifest/files';
import { type InlineDataset, type ListedDataset, signUnchecked, toHex } from '@holdfast/manifest/internal';

/** A key that is the same in every run. */
export function keyOf(name: string): PrivateKey {
  return generateKey(
    (length) => sha256(new TextEncoder().encode(`test key of ${name}`)).slice(0, length),
    name,
  );
}

export function publicKeyFile(name: string): string {
  return `${formatPublicKey(keyOf(name).publicKey)}\n`;
}

/** A sound dataset whose one small file differs with its name and version. */
export function datasetOf(
  name: string,
  version: string,
  changes: Partial<InlineDataset> = {},
): InlineDataset {
  return datasetWith(name, version, { 'data.txt': `${name} ${version}` }, changes);
}

/** A sound dataset of these small files, each path with its text. */
export function datasetWith(
  name: string,
  version: string,
  texts: Readonly<Record<string, string>>,
  changes: Partial<InlineDataset> = {},
): InlineDataset {
  const files = Object.entries(texts)
    .map(([path, text]) => {
      const bytes = new TextEncoder().encode(text);
      const digest = sha256(bytes);
      return { path, size: bytes.length, sha256: toHex(digest), cid: rawCid(digest) };
    })
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const { cid } = rootFromFiles(files, 'unixfs-v1-2025');
  return {
    name,
    version,
    revision: 1,
    description: `What ${name} is`,
    license: 'CC-BY-4.0',
    tier: 'standard',
    cid,
    profile: 'unixfs-v1-2025',
    files,
    totalSize: files.reduce((sum, { size }) => sum + size, 0),
    created: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

/** The same dataset with its files in a list, and the bytes of the list. */
export function withList(dataset: InlineDataset): { dataset: ListedDataset; list: Uint8Array } {
  const { files, fileList: _, ...rest } = dataset;
  const { list, fileList } = listOf(files);
  return { dataset: { ...rest, fileList }, list };
}

/** A list of files, and what its manifest says of it. */
export function listOf(files: Iterable<DatasetFile>) {
  const writer = new FileListWriter();
  const list = Buffer.concat([...writer.write(files)]);
  return { list, ...writer.claims(rawCid(sha256(list))) };
}

/** Signed by each of the names given, as the text of a file. */
export function signed(dataset: Dataset, ...signers: readonly string[]): string {
  const unsigned: Manifest = { dataset, signatures: [] };
  const manifest = signers.reduce((all, name) => signUnchecked(all, keyOf(name)), unsigned);
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

function rawCid(digest: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let out = 'b';
  for (const byte of [0x01, 0x55, 0x12, 0x20, ...digest]) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(value >>> (bits - 5)) & 31];
    value &= 0xff;
  }
  return bits > 0 ? out + alphabet[(value << (5 - bits)) & 31] : out;
}
