import type { Problem } from '@holdfast/manifest';
import type { ListedFile } from './file-listing.ts';
import { type PlacementCode, placementCatalogue } from './placement-catalogue.ts';

const longestPath = 512;
const unsafe = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}/u;
const everyUnsafe = new RegExp(unsafe, 'gu');

/** What is wrong with where a file is or what it is, whatever it holds. */
export function placementProblem(
  file: ListedFile,
  { inTheWay }: { readonly inTheWay: boolean },
): Problem | undefined {
  if (file.odd || unsafe.test(file.path) || file.path.length > longestPath) {
    const rule = `a path of UTF-8 text without control characters and back-slashes, at most ${longestPath} long`;
    return problem(
      'repository/unsafe-path',
      file,
      `the path expected ${rule}, got "${printablePath(file.path)}"`,
    );
  }
  if (file.mode === '120000')
    return problem('repository/symlink', file, 'expected a file, got a symbolic link');
  if (file.mode === '160000')
    return problem('repository/submodule', file, 'expected a file, got a submodule');
  if (inTheWay) return problem('repository/not-a-folder', file, 'expected a folder, got a file');
  if (file.mode === '100755') {
    const hint = `Run \`git update-index --chmod=-x ${shellWord(file.path)}\``;
    return problem('repository/executable', file, 'expected a file of mode 100644, got 100755', hint);
  }
  return undefined;
}

function problem(code: PlacementCode, { path }: ListedFile, message: string, hint?: string): Problem {
  const { severity, fix } = placementCatalogue[code];
  return {
    code,
    severity,
    message,
    file: printablePath(path),
    path: '',
    line: 1,
    column: 1,
    hint: hint ?? fix,
  };
}

/** For display alone: nothing in it can move a cursor, end a line or turn the text round. */
export function printablePath(path: string): string {
  const cut = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  return cut.replace(everyUnsafe, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) && !path.startsWith('-') ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
