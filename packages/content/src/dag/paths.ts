import { ContentError } from '../error.ts';

/** Deeper than any file system goes. */
const maxDepth = 1024;

/** The segments of a relative path. Refuses what no folder can hold: empty and dot segments, NUL, half characters. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/');
  if (segments.length > maxDepth) {
    throw new ContentError(
      'path-invalid',
      `"path" expected at most ${maxDepth} segments, got ${segments.length}`,
    );
  }
  for (const segment of segments) {
    if (isDots(segment)) throw invalid(path, 'a relative path without empty, "." or ".." segments');
  }
  if (!isText(path)) throw invalid(path, 'well-formed Unicode without NUL');
  return segments;
}

/** Whether a name without a `/` can be a segment. */
export function isSegment(name: string): boolean {
  return !isDots(name) && isText(name);
}

function isDots(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}

function isText(path: string): boolean {
  return path.isWellFormed() && !path.includes('\0');
}

/** Refuses a list that no folder can hold: a bad path, one path twice, a file where a folder is. */
export function checkPaths(files: readonly { readonly path: string }[]): void {
  const paths = new Set<string>();
  for (const { path } of files) {
    pathSegments(path);
    if (paths.has(path)) throw conflict(path, 'it is listed twice');
    paths.add(path);
  }
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (paths.has(folder)) throw conflict(path, `${JSON.stringify(folder)} is a file`);
    }
  }
}

function invalid(path: string, expected: string): ContentError {
  return new ContentError('path-invalid', `"path" expected ${expected}, got ${JSON.stringify(path)}`, {
    subject: path,
  });
}

function conflict(path: string, why: string): ContentError {
  return new ContentError('path-conflict', `${JSON.stringify(path)} cannot be in the folder: ${why}`, {
    subject: path,
  });
}
