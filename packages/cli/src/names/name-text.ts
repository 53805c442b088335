import type { NameOutcome, NameResult } from '@holdfast/datasets';
import { escapeText } from '@holdfast/manifest/text';
import type { Paint } from '../frame/paint.ts';

const good: ReadonlySet<NameOutcome> = new Set(['published', 'renewed', 'current', 'due']);

/** How a name came out, in one line, and what to do about it in another. */
export function nameText({ dataset, name, outcome, reason, todo }: NameResult, paint: Paint): string {
  const mark = good.has(outcome)
    ? paint.green('✓')
    : outcome === 'failed'
      ? paint.red('✗')
      : paint.yellow('!');
  const first = `${mark} ${paint.bold(dataset)} ${outcome}: ${escapeText(reason)}`;
  return [first, `  ${name}`, ...(todo === undefined ? [] : [`  help: ${escapeText(todo)}`])].join('\n');
}
