// node hash-holdfast.mjs PATH [PROFILE]: prints the root CID; every file's CID and SHA-256 are computed on the way.
import { hashFolder } from '@holdfast/content';

const [path, profile = 'unixfs-v1-2025'] = process.argv.slice(2);
if (path === undefined) {
  console.error('expected PATH [PROFILE], such as ./data unixfs-v1-2025');
  process.exit(2);
}
const { cid, files } = await hashFolder(path, { profile });
if (files.some(({ sha256 }) => sha256.length !== 64)) throw new Error('expected a SHA-256 for each file');
console.log(cid);
