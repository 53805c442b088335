import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** npm packs what lies in the package's own folder. */
export function copyLicenses(folder: string): void {
  for (const name of ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT']) {
    copyFileSync(join(root, name), join(folder, name));
  }
}
