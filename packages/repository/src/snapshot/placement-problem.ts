import type { Problem } from '@holdfast/manifest';
import { commandPath } from '@holdfast/manifest/text';
import type { ListedFile } from './file-listing.ts';
import { type PlacementCode, placementCatalogue } from './placement-catalogue.ts';
import { longestPath, printablePath, unsafe } from './printable-path.ts';

/** What is wrong with a file's path or mode. Its content is not read. */
export function placementProblem(
  file: ListedFile,
  { inTheWay }: { readonly inTheWay: boolean },
): Problem | undefined {
  if (file.odd || unsafe.test(file.path) || file.path.length > longestPath) {
    const rule = `UTF-8 text without control characters and backslashes, at most ${longestPath} characters`;
    return problem(
      'repository/unsafe-path',
      file,
      `expected a path of ${rule}, got "${printablePath(file.path)}"`,
    );
  }
  if (file.mode === '120000')
    return problem('repository/symlink', file, 'expected a file, got a symbolic link');
  if (file.mode === '160000')
    return problem('repository/submodule', file, 'expected a file, got a submodule');
  if (inTheWay) return problem('repository/not-a-folder', file, 'expected a folder, got a file');
  if (file.mode === '100755') {
    const hint = `Run \`git update-index --chmod=-x ${commandPath(file.path, 'FILE')}\``;
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
