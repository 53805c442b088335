import { show } from '../text/display.ts';

/** What is wrong with a list of patterns. */
export interface PatternFault {
  /** The index of the pattern; absent if it is about all of them. */
  readonly index?: number;
  readonly message: string;
  readonly hint?: string;
  /** It can match a path, but hardly the one that was meant. */
  readonly narrow?: true;
}

/** Patterns that no path of a repository matches: for the rules of a policy and the inputs of the actions. */
export function patternFaults(patterns: readonly string[]): PatternFault[] {
  const faults = patterns.flatMap((pattern, index) => {
    const fault = faultOf(pattern);
    return fault === undefined ? [] : [{ index, ...fault }];
  });
  const left = faults.some(({ narrow }) => narrow === undefined) ? undefined : nothingLeft(patterns);
  return left === undefined ? faults : [...faults, left];
}

function faultOf(pattern: string): PatternFault | undefined {
  const bare = pattern.replace(/^!/, '').replace(/^(?:\.\/)+/, '');
  const escapes = /(?:^|\/)\.\.(?:\/|$)/.test(bare);
  if (escapes || bare === '' || /^\/|\/\/|\/$|(?:^|\/)\.(?:\/|$)|\\|\p{C}/u.test(bare)) {
    const message = `expected a pattern of paths relative to the repository, such as manifests/tides/**, got ${show(pattern)}`;
    if (bare.endsWith('/') && bare.length > 1)
      return { message, hint: `for all that is in the folder: ${show(`${pattern}**`)}` };
    return bare.includes('\\') ? { message, hint: 'write / between folders' } : { message };
  }
  if (/[*?[\]{}()+@!]/.test(bare) || bare.slice(bare.lastIndexOf('/')).includes('.')) return undefined;
  return {
    message: `${show(pattern)} is one file without an ending, and not what is in a folder`,
    hint: `for all that is in the folder: ${show(`${pattern}/**`)}`,
    narrow: true,
  };
}

/** A list that excludes all that it includes. */
function nothingLeft(patterns: readonly string[]): PatternFault | undefined {
  if (patterns.length === 0) return undefined;
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  if (wanted.length === 0)
    return {
      message: 'expected a pattern without "!" before it: each pattern takes out, so that no path matches',
    };
  const out = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const takesAll = out.find((pattern) => pattern === '**' || pattern === '**/*');
  if (takesAll === undefined && !wanted.every((pattern) => out.includes(pattern))) return undefined;
  return {
    message: `expected a path that is left: ${show(`!${takesAll ?? out[0]}`)} takes out all that the others match`,
  };
}
