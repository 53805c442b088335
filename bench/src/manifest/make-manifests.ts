// node make-manifests.ts FOLDER COUNT FILES: signed manifests whose lists make their roots, the same bytes for the same numbers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFromFiles } from '@holdfast/content/root';
import { type DatasetFile, formatPublicKey, generateKey, type Manifest, sha256 } from '@holdfast/manifest';
import { encodePrivateKey, formatSpki, rawCid, signUnchecked, toHex } from '@holdfast/manifest/internal';

const [folder, count, files] = [process.argv[2] ?? '', Number(process.argv[3]), Number(process.argv[4])];
if (folder === '' || !(count > 0) || !(files > 0)) {
  console.error('expected FOLDER COUNT FILES, such as /tmp/manifests 1000 10');
  process.exit(2);
}

const bytes = (text: string) => new TextEncoder().encode(text);
const privateKey = generateKey(() => sha256(bytes('benchmark')), 'benchmark');

function file(manifest: number, index: number): DatasetFile {
  const digest = sha256(bytes(`${manifest} ${index}`));
  const path = `data/${String(Math.floor(index / 100)).padStart(4, '0')}/part-${String(index).padStart(6, '0')}.csv`;
  return { path, size: 1000 + index, sha256: toHex(digest), cid: rawCid(digest), mediaType: 'text/csv' };
}

function manifest(number: number): Manifest {
  const list = Array.from({ length: files }, (_, index) => file(number, index));
  const dataset: Manifest['dataset'] = {
    name: `dataset-${number}`,
    version: '1.0.0',
    revision: 1,
    description: 'Hourly tide gauges of the North Sea, one file a year',
    license: 'CC-BY-4.0',
    tier: 'important',
    cid: rootFromFiles(list, 'unixfs-v1-2025').cid,
    profile: 'unixfs-v1-2025',
    files: list,
    totalSize: list.reduce((sum, { size }) => sum + size, 0),
    created: '2026-11-21T06:30:00Z',
  };
  return signUnchecked({ dataset, signatures: [] }, privateKey);
}

mkdirSync(join(folder, 'manifests'), { recursive: true });
mkdirSync(join(folder, 'public-keys'), { recursive: true });
for (let number = 0; number < count; number++) {
  writeFileSync(
    join(folder, 'manifests', `dataset-${number}-v1.0.0.json`),
    `${JSON.stringify(manifest(number), null, 2)}\n`,
  );
}
writeFileSync(join(folder, 'public-keys', 'alice.pub'), `${formatPublicKey(privateKey.publicKey)}\n`);
writeFileSync(join(folder, 'public-key.pem'), formatSpki(privateKey.publicKey));
writeFileSync(join(folder, 'private-key.pem'), await encodePrivateKey(privateKey));
