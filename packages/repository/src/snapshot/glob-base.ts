/** The folder that everything a pattern can match lies in: `manifests` for `manifests/**\/*.json`, `''` for anywhere. */
export function globBase(pattern: string): string {
  const segments = withoutDot(pattern).split('/');
  const magic = segments.findIndex((segment) => /[*?[\]{}()!+@\\|]/.test(segment));
  return (magic < 0 ? segments : segments.slice(0, magic)).join('/');
}

/** The folders to list for several patterns; a negated pattern adds nothing. */
export function globBases(patterns: readonly string[]): string[] {
  const bases = new Set(patterns.filter((pattern) => !pattern.startsWith('!')).map(globBase));
  return bases.has('') ? [''] : [...bases];
}

/** A folder as Git has it: without a beginning `./`, and without a slash at the end. */
export function plainFolder(path: string): string {
  return withoutDot(path).replace(/\/+$/, '');
}

/** A path of Git never begins with `./`; in a pattern it means nothing. */
function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '');
}
