// node hash-again-holdfast.mjs PATH [CACHE_FOLDER]: prints the root CID; with a folder, files that have not changed since the last run are not read.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFolder } from '@holdfast/content';

const [path, folder] = process.argv.slice(2);
if (path === undefined) {
  console.error('expected PATH [CACHE_FOLDER], such as ./data ./cache');
  process.exit(2);
}
const cache = folder && {
  clock: () => new Date(),
  load: (name) => readFile(join(folder, name)).catch(() => undefined),
  async save(name, bytes) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.part`), bytes);
    await rename(join(folder, `${name}.part`), join(folder, name));
  },
};
console.log((await hashFolder(path, cache ? { cache } : {})).cid);
