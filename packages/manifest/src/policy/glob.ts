import picomatch from 'picomatch';

/**
 * The one meaning of a glob, for the rules of a policy and the actions' `manifests` input: a path matches when a pattern does
 * and no pattern that begins with `!` does. `*` stays within a segment, `**` crosses them; names that begin with a dot match only where the dot is written.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const options = { posix: true, windows: false, nonegate: true } as const;
  const wanted = patterns
    .filter((pattern) => !pattern.startsWith('!'))
    .map((pattern) => picomatch(pattern, options));
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => picomatch(pattern.slice(1), { ...options, dot: true }));
  return (path) => wanted.some((matches) => matches(path)) && !unwanted.some((matches) => matches(path));
}
