import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What may lie at a path: a file, an executable, a symbolic link, another repository's commit; null removes it. */
export type GitEntry =
  | string
  | Uint8Array
  | { executable: string | Uint8Array }
  | { symlink: string }
  | { submodule: string }
  | null;

export type GitFiles = Readonly<Record<string, GitEntry>>;

/** Puts one entry in the work tree. A submodule is only an entry of the index; its empty folder keeps it there. */
export function writeEntry(workTree: string, path: string, entry: GitEntry): void {
  const file = join(workTree, path);
  rmSync(file, { recursive: true, force: true });
  if (entry === null) return;
  mkdirSync(dirname(file), { recursive: true });
  if (typeof entry === 'string' || entry instanceof Uint8Array) writeFileSync(file, entry);
  else if ('symlink' in entry) symlinkSync(entry.symlink, file);
  else if ('submodule' in entry) mkdirSync(file);
  else {
    writeFileSync(file, entry.executable);
    chmodSync(file, 0o755);
  }
}

export function isSubmodule(entry: GitEntry): entry is { submodule: string } {
  return entry !== null && typeof entry === 'object' && 'submodule' in entry;
}
