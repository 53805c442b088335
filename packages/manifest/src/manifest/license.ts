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

/** What is wrong with an SPDX license expression (SPDX 2.3, annex D), or undefined. Identifiers are not looked up. */
export function licenseProblem(text: string): { message: string; hint?: string } | undefined {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const end = text.length > 256 ? -1 : parseExpression(tokens, 0, 0);
  if (end === tokens.length && tokens.length > 0) return undefined;
  const guess = nearest(text.trim().replaceAll(/[\s_]+/g, '-'), common);
  const message = `expected an SPDX license expression, got ${show(text)}`;
  return guess === undefined ? { message } : { message, hint: `did you mean ${guess}?` };
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
