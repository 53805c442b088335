import { readFileSync } from 'node:fs';
import { readManifest, sha256 } from '@holdfast/manifest';
import { countFiles, FileListWriter, fileListPath, filesOf } from '@holdfast/manifest/files';

const [vector] = JSON.parse(readFileSync('vectors/manifests.json', 'utf8')).cases;
const read = readManifest(new TextEncoder().encode(vector.text));
if (!read.ok) throw new Error(read.problems[0]?.message);
const { files = [], fileList: _, ...described } = read.manifest.dataset;

// A manifest with its files in a list beside it. `cid` is that of the list's own bytes.
const writer = new FileListWriter();
const list = Buffer.concat([...writer.write(files)]);
const { fileList } = writer.claims('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku');
console.log(fileListPath('manifests/tides-v1.0.0.json')); // prints: manifests/tides-v1.0.0.files.jsonl
console.log(fileList.sha256 === Buffer.from(sha256(list)).toString('hex')); // prints: true

// Read as it comes, and checked against what was signed.
const source = {
  name: 'tides-v1.0.0.files.jsonl',
  read: async function* () {
    yield list;
  },
};
const dataset = { ...described, fileList };
console.log(countFiles(dataset) === files.length); // prints: true
let bytes = 0;
for await (const { size } of filesOf(dataset, source)) bytes += size;
console.log(bytes === dataset.totalSize); // prints: true
