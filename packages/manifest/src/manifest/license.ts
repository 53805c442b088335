import { show } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';

/** Common licenses of data, for the hint on a misspelled one. */
const common = [
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC-BY-NC-4.0',
  'CC-BY-NC-SA-4.0',
  'CC-BY-ND-4.0',
  'CC-BY-3.0',
  'CC-BY-SA-3.0',
  'ODbL-1.0',
  'ODC-By-1.0',
  'PDDL-1.0',
  'OGL-UK-3.0',
  'etalab-2.0',
  'DL-DE-BY-2.0',
  'CDLA-Permissive-2.0',
  'CDLA-Sharing-1.0',
  'MIT',
  'Apache-2.0',
  'BSD-3-Clause',
  'GPL-3.0-or-later',
  'Unlicense',
];
const id = /^(?:(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+|[A-Za-z0-9][A-Za-z0-9.-]*\+?)$/;

/** What people write where they mean a license of their own, or none. */
const noLicense =
  /^(?:proprietary|commercial|custom|other|none|unknown|unlicensed|un-?licen[cs]ed|noassertion|n-?a|tbd|open|open-?data|free|public-?domain|restricted|confidential|internal|all-rights-reserved|copyright|copyrighted|(?:see-)?licen[cs]e|academic|research(?:-only)?|non-?commercial|creative-?commons|cc)$/i;
/** Families beside those of the common licenses. */
const families = /^(?:cc|[al]?gpl|gfdl|mpl|epl|eupl|bsd|ogl|dl-de|cdla|odc)$/;

/**
 * What is wrong with an SPDX license expression (SPDX 2.3, annex D), or undefined. Names are not looked up: the list of SPDX grows, and a
 * manifest that one reader accepts must not fail in an older one. What is known to be no name is refused.
 */
export function licenseProblem(text: string): { message: string; hint?: string } | undefined {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const end = text.length > 256 ? -1 : parseExpression(tokens, 0, 0);
  if (end === tokens.length && tokens.length > 0) return firstOf(tokens, nameProblem);
  const joined = text.trim().replaceAll(/[\s_]+/g, '-');
  const named = id.test(joined) ? nameProblem(joined) : undefined;
  const guess = nearest(joined, common);
  const message = `expected an SPDX license expression, got ${show(text)}`;
  const hint = guess === undefined ? named?.hint : `did you mean ${guess}?`;
  return hint === undefined ? { message } : { message, hint };
}

/** A name that says nothing without its version. */
function isFamily(plain: string): boolean {
  return (
    families.test(plain) ||
    common.some((known) => familyOf(known) !== known && familyOf(known).toLowerCase() === plain)
  );
}

function familyOf(name: string): string {
  return name.replace(/-\d.*$/, '');
}

function firstOf<T>(tokens: readonly string[], find: (token: string) => T | undefined): T | undefined {
  for (const token of tokens) {
    const found = find(token);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameProblem(name: string): { message: string; hint: string } | undefined {
  const plain = name.replace(/\+$/, '').toLowerCase();
  const spelled = common.find((known) => known.toLowerCase() === plain);
  if (spelled !== undefined) {
    if (name.startsWith(spelled)) return undefined;
    return {
      message: `expected an SPDX license in its own spelling, got ${show(name)}`,
      hint: `did you mean ${spelled}?`,
    };
  }
  if (isFamily(plain)) {
    const own = common.filter((known) => familyOf(known).toLowerCase() === plain);
    const versions =
      own.length > 0 ? own : common.filter((known) => known.toLowerCase().startsWith(`${plain}-`));
    const hint =
      versions.length > 0 ? `did you mean ${orList(versions)}?` : 'add its version, as in GPL-3.0-or-later';
    return { message: `expected an SPDX license with its version, got ${show(name)}`, hint };
  }
  if (!noLicense.test(plain)) return undefined;
  const own = plain
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('-');
  return {
    message: `expected an SPDX license, got ${show(name)}, which is not one`,
    hint: `take one such as CC-BY-4.0 or CC0-1.0; for terms of your own write LicenseRef-${own}; without a license leave it out`,
  };
}

function orList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** The index after the expression that begins at `start`; -1 if there is none. */
function parseExpression(tokens: readonly string[], start: number, depth: number): number {
  let next = parseTerm(tokens, start, depth);
  while (next !== -1 && (tokens[next] === 'AND' || tokens[next] === 'OR'))
    next = parseTerm(tokens, next + 1, depth);
  return next;
}

function parseTerm(tokens: readonly string[], start: number, depth: number): number {
  const token = tokens[start];
  if (token === undefined || depth > 8) return -1;
  if (token === '(') {
    const end = parseExpression(tokens, start + 1, depth + 1);
    return end !== -1 && tokens[end] === ')' ? end + 1 : -1;
  }
  if (!isId(token)) return -1;
  if (tokens[start + 1] !== 'WITH') return start + 1;
  const exception = tokens[start + 2];
  return exception !== undefined && isId(exception) ? start + 3 : -1;
}

function isId(token: string): boolean {
  return id.test(token) && !['AND', 'OR', 'WITH'].includes(token);
}
