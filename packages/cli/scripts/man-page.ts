import type { Command, CommandEntry, CommandTable, Flag, Flags } from '../src/frame/command.ts';
import { commonFlags } from '../src/frame/flags.ts';

const codes = [
  ['0', 'all is as it should be'],
  ['1', 'problems in the data, or fewer copies than wanted'],
  ['2', 'the command line, or a file it names, is not usable'],
  ['3', 'the world failed: network, disk, another program'],
  ['130, 143', 'stopped by Ctrl-C, by SIGTERM'],
] as const;

/** Every page by its file name: one of the program, one of each command. */
export async function manPages(
  commands: CommandTable,
  version: string,
): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([['holdfast.1', programPage(commands, version)]]);
  for (const [name, entry] of Object.entries(commands)) {
    const { load, ...about } = entry;
    pages.set(`holdfast-${name}.1`, commandPage({ name, ...about, ...(await load()) }, version));
  }
  return pages;
}

function programPage(commands: CommandTable, version: string): string {
  const items = Object.entries(commands).map(
    ([name, { summary }]: [string, CommandEntry]) =>
      `.TP\n.BR holdfast\\-${roff(name)} (1)\n${line(summary)}`,
  );
  return page('holdfast', 'signed dataset manifests, pinned for good', version, [
    ['SYNOPSIS', '.B holdfast\nCOMMAND [operands] [flags]'],
    ['COMMANDS', items.join('\n')],
    exitStatus,
  ]);
}

function commandPage(command: Command, version: string): string {
  const { name, summary, operands, about, flags, examples, resume } = command;
  const own = `holdfast ${name}`;
  return page(`holdfast-${name}`, summary, version, [
    ['SYNOPSIS', `.B ${roff(own)}\n${line([operands, '[flags]'].filter(Boolean).join(' '))}`],
    ['DESCRIPTION', line(about ?? `${summary}.`)],
    ['OPTIONS', options({ ...flags, ...commonFlags })],
    [
      'EXAMPLES',
      examples
        .map((one) => `.PP\n${line(one.about)}\n.PP\n.nf\n.RS\n${line(one.command)}\n.RE\n.fi`)
        .join('\n'),
    ],
    ...(resume ? ([['AFTER AN INTERRUPTION', line(resume)]] as const) : []),
    exitStatus,
    ['SEE ALSO', '.BR holdfast (1)'],
  ]);
}

type Section = readonly [title: string, text: string];

const exitStatus: Section = [
  'EXIT STATUS',
  codes.map(([code, meaning]) => `.TP\n.B ${code}\n${line(meaning)}`).join('\n'),
];

function page(name: string, summary: string, version: string, sections: readonly Section[]): string {
  const head = `.TH ${roff(name).toUpperCase()} 1 "" "holdfast ${version}" "Holdfast"\n.SH NAME\n${roff(name)} \\- ${roff(summary)}`;
  return `${[head, ...sections.map(([title, text]) => `.SH ${title}\n${text}`)].join('\n')}\n`;
}

function options(flags: Flags): string {
  return Object.entries(flags)
    .map(([name, flag]) => option(name, flag))
    .join('\n');
}

function option(name: string, flag: Flag): string {
  const short = flag.short ? `\\fB\\-${flag.short}\\fR, ` : '';
  const value =
    flag.type === 'string' ? ` \\fI${roff(flag.value ?? flag.choices?.join('|') ?? 'VALUE')}\\fR` : '';
  const more = flag.multiple ? ' (may be repeated)' : '';
  return `.TP\n${short}\\fB\\-\\-${roff(name)}\\fR${value}\n${line(flag.about + more)}`;
}

/** Text on a line of its own: a dot or a quote at its start would be a request. */
function line(text: string): string {
  return roff(text).replace(/^(?=[.'])/gm, '\\&');
}

function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('`', '\\(ga')
    .replace(/\P{ASCII}/gu, (character) => `\\[u${codeOf(character)}]`);
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
