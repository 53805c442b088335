/** The folder of everything that a pattern can match: `manifests` for `manifests/**\/*.json`, `''` for any folder. */
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

/** A folder as Git writes it: without `./` before it and `/` after it. */
export function plainFolder(path: string): string {
  return withoutDot(path).replace(/\/+$/, '');
}

/** Paths in Git never begin with `./`; in a pattern it means nothing. */
function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '');
}
