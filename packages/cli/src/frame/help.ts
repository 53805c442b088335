import type { Command, CommandEntry, CommandTable, Flags } from './command.ts';
import { commonFlags } from './flags.ts';
import type { Paint } from './paint.ts';

const groups: readonly [CommandEntry['group'], string][] = [
  ['set up', 'Set up'],
  ['describe', 'Describe a dataset'],
  ['check', 'Check before you push'],
  ['keep', 'Keep and get content'],
];

/** `holdfast --help`. */
export function overview(commands: CommandTable, paint: Paint, columns: number): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const sections = groups.map(([group, title]) => {
    const rows = Object.entries(commands)
      .filter(([, entry]) => entry.group === group)
      .map(
        ([name, entry]) => `  ${paint.cyan(name.padEnd(width))}  ${wrap(entry.summary, columns, width + 4)}`,
      );
    return [paint.bold(title), ...rows].join('\n');
  });
  return `${[
    'holdfast: signed dataset manifests, pinned for good',
    `${paint.bold('Usage')}\n  holdfast COMMAND [operands] [flags]\n  holdfast COMMAND --help     flags and examples of one command`,
    ...sections,
    `${paint.bold('A first dataset')}\n  holdfast init\n  holdfast create ./data --name tides --version 1.0.0 --tier standard\n  holdfast sign manifests/tides-v1.0.0.json\n  holdfast check`,
  ].join('\n\n')}\n`;
}

/** `holdfast COMMAND --help`. */
export function commandHelp(command: Command, paint: Paint, columns: number): string {
  const usage = ['holdfast', command.name, command.operands, '[flags]'].filter(Boolean).join(' ');
  const parts = [
    wrap(command.summary, columns),
    `${paint.bold('Usage')}\n  ${usage}`,
    ...(command.about ? [wrap(command.about, columns)] : []),
    `${paint.bold('Flags')}\n${flagTable({ ...command.flags, ...commonFlags }, paint, columns)}`,
    `${paint.bold('Examples')}\n${command.examples.map((e) => `  ${paint.dim(`# ${e.about}`)}\n  ${e.command}`).join('\n\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function flagTable(flags: Flags, paint: Paint, columns: number): string {
  const rows = Object.entries(flags).map(([name, flag]) => {
    const short = flag.short ? `-${flag.short}, ` : '    ';
    const value = flag.type === 'string' ? ` ${flag.value ?? flag.choices?.join('|') ?? 'VALUE'}` : '';
    const more = flag.multiple ? ' (may be repeated)' : '';
    return { left: `${short}--${name}${value}`, about: `${flag.about}${more}` };
  });
  const width = Math.min(34, Math.max(...rows.map((row) => row.left.length)));
  return rows
    .map(({ left, about }) => {
      const right = wrap(about, columns, width + 4);
      return left.length > width
        ? `  ${paint.cyan(left)}\n  ${' '.repeat(width)}  ${right}`
        : `  ${paint.cyan(left.padEnd(width))}  ${right}`;
    })
    .join('\n');
}

/** Broken between words, every line but the first set in by `indent`; wider than 100 columns is hard to read. */
function wrap(text: string, columns: number, indent = 0): string {
  const room = Math.max(20, Math.min(columns, 100) - indent);
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
