import type { Problem } from '@holdfast/manifest';
import type { ListedFile } from './file-listing.ts';

const longestPath = 512;
const unsafe = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}/u;

/** What is wrong with where a file is or what it is, whatever it holds. */
export function placementProblem(
  file: ListedFile,
  { inTheWay }: { readonly inTheWay: boolean },
): Problem | undefined {
  const problem = (code: string, message: string, hint: string): Problem => ({
    code: `repository/${code}`,
    severity: 'error',
    message,
    file: printablePath(file.path),
    path: '',
    line: 1,
    column: 1,
    hint,
  });
  if (file.odd || unsafe.test(file.path) || file.path.length > longestPath) {
    const rule = `a path of UTF-8 text without control characters and back-slashes, at most ${longestPath} long`;
    return problem(
      'unsafe-path',
      `the path expected ${rule}, got "${printablePath(file.path)}"`,
      'Rename it with git mv.',
    );
  }
  if (file.mode === '120000') {
    return problem(
      'symlink',
      'expected a file, got a symbolic link',
      'Commit the file itself: links are never followed.',
    );
  }
  if (file.mode === '160000') {
    return problem(
      'submodule',
      'expected a file, got a submodule',
      'Commit the files themselves: submodules are never read.',
    );
  }
  if (inTheWay)
    return problem(
      'not-a-folder',
      'expected a folder, got a file',
      'Remove the file: a folder of this name is read.',
    );
  if (file.mode === '100755') {
    return problem(
      'executable',
      'expected a file of mode 100644, got 100755',
      `Run: git update-index --chmod=-x ${shellWord(file.path)}`,
    );
  }
  return undefined;
}

/** For display alone: nothing in it can move a cursor, end a line or turn the text round. */
export function printablePath(path: string): string {
  const cut = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  return cut.replace(new RegExp(unsafe, 'gu'), (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) && !path.startsWith('-') ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
