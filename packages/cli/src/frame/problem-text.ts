import type { Problem } from '@holdfast/manifest';
import { escapeText } from '@holdfast/manifest/text';
import type { Paint } from './paint.ts';

const widest = 100;

/** One problem the way compilers show it: place, sentence, the line with a caret, what to do. */
export function problemText(problem: Problem, paint: Paint, source?: string): string {
  const colour = problem.severity === 'error' ? paint.red : paint.yellow;
  const place = `${escapeText(problem.file ?? '')}${problem.file ? ':' : ''}${problem.line}:${problem.column}`;
  const lines = [
    `${paint.bold(place)} ${colour(problem.severity)} ${paint.dim(problem.code)}`,
    `  ${safeLines(problem.message)}`,
  ];
  const excerpt = source === undefined ? undefined : excerptOf(source, problem, paint, colour);
  if (excerpt) lines.push(excerpt);
  if (problem.hint) lines.push(`  ${paint.cyan('help:')} ${safeLines(problem.hint)}`);
  return `${lines.join('\n')}\n`;
}

/** Messages may have several lines; everything else unsafe in them is escaped. */
function safeLines(text: string): string {
  return text.split('\n').map(escapeText).join('\n  ');
}

function excerptOf(
  source: string,
  at: Problem,
  paint: Paint,
  colour: (text: string) => string,
): string | undefined {
  // A file that is not JSON was named by mistake. It may hold what must not be on a screen or in a log.
  if (!/^\s*\{/.test(source)) return undefined;
  const line = source.split('\n')[at.line - 1];
  if (line === undefined || line.trim() === '') return undefined;
  const column = Math.min(at.column - 1, line.length);
  const from = column > widest - 20 ? column - 20 : 0;
  // Tabs become one space each, so that the caret stays under its character.
  const before = escapeText(line.slice(from, column).replaceAll('\t', ' '));
  const after = escapeText(
    line
      .slice(column, from + widest)
      .replaceAll('\t', ' ')
      .trimEnd(),
  );
  const gutter = `${at.line}`;
  const blank = ' '.repeat(gutter.length);
  return [
    `  ${paint.dim(`${gutter} |`)} ${from > 0 ? '…' : ''}${before}${after}`,
    `  ${paint.dim(`${blank} |`)} ${from > 0 ? ' ' : ''}${' '.repeat(before.length)}${colour('^')}`,
  ].join('\n');
}
