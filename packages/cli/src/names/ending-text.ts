import { escapeText } from '@holdfast/manifest/text';
import { type Ending, nearness } from '@holdfast/watch';
import type { Paint } from '../frame/paint.ts';

export const dayMs = 86_400_000;

/** What ends, when, and the commands that keep it. */
export function endingText(ending: Ending, at: number, paint: Paint): string {
  const near = nearness(ending, at);
  const mark = near === 'over' || near === 'day' ? paint.red('✗') : paint.yellow('!');
  return [
    `${mark} ${paint.bold(whenText(ending, at))}  ${escapeText(ending.what)}`,
    `  ${escapeText(ending.todo)}`,
    ...ending.signers.map(({ name, command }) =>
      paint.dim(`  then ${escapeText(name)}: ${escapeText(command)}`),
    ),
  ].join('\n');
}

/** "2026-12-05, in 8 days". */
export function whenText({ endsAt }: Ending, at: number): string {
  const date = new Date(endsAt).toISOString().slice(0, 10);
  const days = Math.floor(Math.abs(endsAt - at) / dayMs);
  if (endsAt <= at) return days === 0 ? `${date}, over` : `${date}, over for ${daysText(days)}`;
  return days === 0 ? `${date}, within a day` : `${date}, in ${daysText(days)}`;
}

const daysText = (days: number) => (days === 1 ? '1 day' : `${days} days`);

const nearTexts: Readonly<Record<ReturnType<typeof nearness>, string>> = {
  over: 'is over',
  day: 'within a day',
  week: 'within a week',
  month: 'within a month',
  later: 'later',
};

/** An issue: its title as the heading, then for each thing what it means, and commands to paste. Empty where nothing ends. */
export function endingsMarkdown(endings: readonly Ending[], at: number): string {
  const [first] = endings;
  if (first === undefined) return '';
  const title = `# Expiring: ${endings.length}, the first ${nearTexts[nearness(first, at)]}`;
  return `${[title, ...endings.map((ending) => endingMarkdown(ending, at))].join('\n\n')}\n`;
}

function endingMarkdown(ending: Ending, at: number): string {
  const { id, kind, what, todo, signers } = ending;
  const lines = [
    `### ${plain(id)} (${kind}): ${whenText(ending, at)}`,
    `${plain(what)}.`,
    fenced(todo),
    ...signers.map(({ name, github, command }) => {
      const who = github === undefined ? `**${plain(name)}**` : `@${github.replace(/^@/, '')}`;
      return `- [ ] ${who} signs it:\n\n  ${fenced(command).replaceAll('\n', '\n  ')}`;
    }),
  ];
  return lines.join('\n\n');
}

/** Longer than any fence in the text, so that nothing in it ends the block. */
function fenced(command: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...command.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}sh\n${escapeText(command)}\n${fence}`;
}

/** Words of others in Markdown: no markup, and nobody is mentioned by them. */
const plain = (text: string): string =>
  escapeText(text)
    .replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&')
    .replaceAll('@', '&#64;');
