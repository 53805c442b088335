// node hash-holdfast.mjs PATH [PROFILE]: prints the root CID, and one digest over every file's SHA-256 in the order of their paths.
import { createHash } from 'node:crypto';
import { hashFolder } from '@holdfast/content';

const [path, named] = process.argv.slice(2);
if (path === undefined) {
  console.error('expected PATH [PROFILE], such as ./data unixfs-v1-2025');
  process.exit(2);
}
const profile = named === 'unixfs-v0-2015' ? named : 'unixfs-v1-2025';
const { cid, files } = await hashFolder(path, { profile });
const all = createHash('sha256');
for (const { sha256 } of files) all.update(`${sha256}\n`);
console.log(`${cid} ${all.digest('hex')}`);
