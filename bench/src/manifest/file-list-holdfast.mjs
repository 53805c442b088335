// node file-list-holdfast.mjs make COUNT MANIFEST | prove MANIFEST | write FOLDER LIST: a manifest whose list beside it has so many small files; the strict reading of it and its root; or the list of a folder.
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hashFolder } from '@holdfast/content';
import { createRootBuilder } from '@holdfast/content/root';
import { readManifest, sha256 } from '@holdfast/manifest';
import { FileListWriter, fileListPath, proveList } from '@holdfast/manifest/files';
import { defaultListLimits, rawCid, toHex } from '@holdfast/manifest/internal';

const [task, first, second] = process.argv.slice(2);
if (task === 'make' && second !== undefined) await make(Number(first), second);
else if (task === 'prove' && first !== undefined) await prove(first);
else if (task === 'write' && second !== undefined) await write(first, second);
else {
  console.error('expected make COUNT MANIFEST, prove MANIFEST or write FOLDER LIST');
  process.exit(2);
}

function* files(count) {
  for (let at = 0; at < count; at++) {
    const digest = sha256(Buffer.from(`file ${at}`));
    const folder = String(Math.floor(at / 1000)).padStart(5, '0');
    const path = `data/${folder}/part-${String(at).padStart(7, '0')}.csv`;
    yield { path, size: 100 + (at % 900), sha256: toHex(digest), cid: rawCid(digest), mediaType: 'text/csv' };
  }
}

async function make(count, manifest) {
  const builder = createRootBuilder();
  const writer = new FileListWriter();
  const counted = function* counted() {
    for (const file of files(count)) {
      builder.add(file);
      yield file;
    }
  };
  await pipeline(Readable.from(writer.write(counted())), createWriteStream(fileListPath(manifest)));
  const { cid } = builder.finish();
  const dataset = {
    name: 'many',
    version: '1.0.0',
    revision: 1,
    description: 'Many small files',
    license: 'CC0-1.0',
    tier: 'standard',
    cid,
    profile: 'unixfs-v1-2025',
    created: '2026-11-21T06:30:00Z',
    // What is measured does not read the list by its own CID.
    ...writer.claims(rawCid(sha256(Buffer.from('list')))),
  };
  await writeFile(manifest, JSON.stringify({ dataset, signatures: [] }, null, 2));
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
