import type { Command, Flag } from './command.ts';
import { commonFlags } from './flags.ts';

export type Shell = 'bash' | 'fish' | 'zsh';

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return { bash, fish, zsh }[shell](commands);
}

/** The words that a command's operand is one of, as help shows them: `bash|zsh|fish`. None where it is anything else. */
function operandWords({ operands }: Command): readonly string[] {
  return /^[a-z]+(?:\|[a-z]+)+(?= |$)/.exec(operands)?.[0].split('|') ?? [];
}

const flagsOf = (command: Command) => Object.entries<Flag>({ ...command.flags, ...commonFlags });

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = flagsOf(command).map(([name]) => `--${name}`);
    return `    ${command.name}) flags=${quoted(words.join(' '))} ;;`;
  });
  const choices = commands.flatMap((command) =>
    flagsOf(command).flatMap(([name, flag]) =>
      flag.choices ? [`    ${command.name}:--${name}) words=${quoted(flag.choices.join(' '))} ;;`] : [],
    ),
  );
  const operands = commands.flatMap((command) => {
    const words = operandWords(command);
    return words.length > 0
      ? [`    ${command.name}:${command.name}) words=${quoted(words.join(' '))} ;;`]
      : [];
  });
  return `# holdfast completion for bash: source <(holdfast completion bash)
_holdfast() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" flags="" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(`${commands.map((command) => command.name).join(' ')} help --help --version`)} -- "$cur"))
    return
  fi
  case "$command" in
${cases.join('\n')}
  esac
  case "$command:$prev" in
${[...choices, ...operands].join('\n')}
  esac
  if [[ -n "$words" && "$cur" != -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  fi
}
complete -o default -F _holdfast holdfast
`;
}

function zsh(commands: readonly Command[]): string {
  const described = commands.map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`);
  const cases = commands.map((command) => {
    const specs = flagsOf(command).map(([name, flag]) => {
      const about = flag.about.replace(/[[\]:]/g, '\\$&');
      const action = flag.choices ? `(${flag.choices.join(' ')})` : '_files';
      const value = flag.type === 'string' ? `:${flag.value ?? name}:${action}` : '';
      return `        ${quoted(`${flag.multiple ? '*' : ''}--${name}[${about}]${value}`)}`;
    });
    const words = operandWords(command);
    specs.push(`        ${quoted(words.length > 0 ? `1:word:(${words.join(' ')})` : '*:file:_files')}`);
    return `      ${command.name}) _arguments \\\n${specs.join(' \\\n')} ;;`;
  });
  return `#compdef holdfast
# holdfast completion for zsh: source <(holdfast completion zsh)
_holdfast() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _holdfast holdfast
`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c holdfast -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
    ...operandLines(command),
    ...flagsOf(command).map(([name, flag]) => {
      const short = flag.short ? ` -s ${flag.short}` : '';
      const takes = flag.choices
        ? ` -x -a ${quoted(flag.choices.join(' '))}`
        : flag.type === 'string'
          ? ' -r'
          : '';
      return `complete -c holdfast -n ${seen(command)} -l ${name}${short}${takes} -d ${quoted(flag.about)}`;
    }),
  ]);
  return `# holdfast completion for fish: holdfast completion fish | source\n${lines.join('\n')}\n`;
}

const seen = (command: Command) => quoted(`__fish_seen_subcommand_from ${command.name}`);

function operandLines(command: Command): string[] {
  const words = operandWords(command);
  return words.length > 0
    ? [`complete -c holdfast -n ${seen(command)} -f -a ${quoted(words.join(' '))}`]
    : [];
}

/** Single quotes for a POSIX shell; fish reads the same spelling the same way for text without backslashes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
