// node file-list-holdfast.mjs prove MANIFEST | write FOLDER LIST: reads the list beside a manifest strictly and rebuilds its root; or writes the list of a folder.
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hashFolder } from '@holdfast/content';
import { createRootBuilder } from '@holdfast/content/root';
import { readManifest } from '@holdfast/manifest';
import { FileListWriter, fileListPath, proveList } from '@holdfast/manifest/files';
import { defaultListLimits } from '@holdfast/manifest/internal';

const [task, first, second] = process.argv.slice(2);
if (task === 'prove' && first !== undefined) await prove(first);
else if (task === 'write' && second !== undefined) await write(first, second);
else {
  console.error('expected prove MANIFEST or write FOLDER LIST');
  process.exit(2);
}

async function prove(path) {
  const read = readManifest(await readFile(path), { file: path });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { dataset } = read.manifest;
  if (dataset.fileList === undefined) throw new Error('expected a file list');
  const list = fileListPath(path);
  const problems = await proveList(dataset, {
    path,
    source: { name: list, read: () => createReadStream(list, { highWaterMark: 1 << 20 }) },
    limits: defaultListLimits,
    createRootBuilder,
  });
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)));
  console.log(dataset.cid);
}

async function write(folder, list) {
  const { cid, files } = await hashFolder(folder);
  await pipeline(Readable.from(new FileListWriter().write(files)), createWriteStream(list));
  await hashFolder(list);
  console.log(cid);
}
