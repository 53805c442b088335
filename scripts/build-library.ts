// The `build` of a library: each file of src/ becomes one module of dist/, so that a bundler takes only what is used.
import { rmSync } from 'node:fs';
import { copyLicenses } from './build/copy-licenses.ts';
import { emitLibrary } from './build/emit-library.ts';

rmSync('dist', { recursive: true, force: true });
const faults = emitLibrary(process.cwd());
if (faults !== '') {
  console.error(faults);
  process.exit(1);
}
copyLicenses(process.cwd());
