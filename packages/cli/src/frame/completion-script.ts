import type { Command, Flag, NameKind } from './command.ts';
import { commonFlags } from './flags.ts';

export type Shell = 'bash' | 'fish' | 'powershell' | 'zsh';

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return { bash, fish, powershell, zsh }[shell](commands);
}

/** The words that a command's operand is one of, as help shows them: `bash|zsh|fish`. None where it is anything else. */
function operandWords({ operands }: Command): readonly string[] {
  return /^[a-z]+(?:\|[a-z]+)+(?= |$)/.exec(operands)?.[0].split('|') ?? [];
}

const flagsOf = (command: Command) => Object.entries<Flag>({ ...command.flags, ...commonFlags });

/** What prints the names; silent and empty where anything is wrong. */
const asked = (kind: NameKind) => `holdfast completion --names ${kind} 2>/dev/null`;

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = flagsOf(command).map(([name]) => `--${name}`);
    return `    ${command.name}) flags=${quoted(words.join(' '))} ;;`;
  });
  const choices = commands.flatMap((command) =>
    flagsOf(command).flatMap(([name, flag]) => {
      const pattern = `    ${command.name}:--${name})`;
      if (flag.choices) return [`${pattern} words=${quoted(flag.choices.join(' '))} ;;`];
      return flag.names ? [`${pattern} kind=${flag.names} ;;`] : [];
    }),
  );
  const named = commands.flatMap(({ name, names }) => (names ? [`    ${name}) kind=${names} ;;`] : []));
  const operands = commands.flatMap((command) => {
    const words = operandWords(command);
    return words.length > 0
      ? [`    ${command.name}:${command.name}) words=${quoted(words.join(' '))} ;;`]
      : [];
  });
  return `# holdfast completion for bash: source <(holdfast completion bash)
_holdfast() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" flags="" words="" kind=""
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
  if [[ -z "$words$kind" && "$prev" != --* ]]; then
    case "$command" in
${named.join('\n')}
    esac
  fi
  if [[ -n "$kind" && "$cur" != -* ]]; then
    words="$(holdfast completion --names "$kind" 2>/dev/null)"
    COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur"))
  elif [[ -n "$words" && "$cur" != -* ]]; then
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
      const action = flag.choices
        ? `(${flag.choices.join(' ')})`
        : flag.names
          ? `{_holdfast_names ${flag.names}}`
          : '_files';
      const value = flag.type === 'string' ? `:${flag.value ?? name}:${action}` : '';
      return `        ${quoted(`${flag.multiple ? '*' : ''}--${name}[${about}]${value}`)}`;
    });
    const words = operandWords(command);
    const rest = command.names ? `*:dataset:{_holdfast_names ${command.names}}` : '*:file:_files';
    specs.push(`        ${quoted(words.length > 0 ? `1:word:(${words.join(' ')})` : rest)}`);
    return `      ${command.name}) _arguments \\\n${specs.join(' \\\n')} ;;`;
  });
  return `#compdef holdfast
# holdfast completion for zsh: source <(holdfast completion zsh)
_holdfast_names() {
  local -a names
  names=(\${(f)"$(holdfast completion --names $1 2>/dev/null)"})
  compadd -a names
  _files
}
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
        : flag.names
          ? ` -r -a ${quoted(`(${asked(flag.names)})`)}`
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
    : command.names
      ? [`complete -c holdfast -n ${seen(command)} -a ${quoted(`(${asked(command.names)})`)}`]
      : [];
}

function powershell(commands: readonly Command[]): string {
  const single = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const list = (words: readonly string[]) => `@(${words.map(single).join(', ')})`;
  const entries = commands.map((command) => {
    const flags = flagsOf(command);
    const values = flags.flatMap(([name, { choices }]) =>
      choices ? [`${single(`--${name}`)} = ${list(choices)}`] : [],
    );
    const kinds = flags.flatMap(([name, { names }]) =>
      names ? [`${single(`--${name}`)} = ${single(names)}`] : [],
    );
    const fields = [
      `Flags = ${list(flags.map(([name]) => `--${name}`))}`,
      `Words = ${list(operandWords(command))}`,
      `Values = @{ ${values.join('; ')} }`,
      `Kinds = @{ ${kinds.join('; ')} }`,
      `Names = ${single(command.names ?? '')}`,
    ];
    return `  ${single(command.name)} = @{ ${fields.join('; ')} }`;
  });
  return `# holdfast completion for PowerShell: holdfast completion powershell | Out-String | Invoke-Expression
$holdfastCommands = @{
${entries.join('\n')}
}
Register-ArgumentCompleter -Native -CommandName holdfast -ScriptBlock {
  param($word, $line, $position)
  $typed = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -ne '' -and $typed.Count -gt 0) { $typed = @($typed | Select-Object -SkipLast 1) }
  $offered = @()
  $command = if ($typed.Count -gt 0) { $holdfastCommands[$typed[0]] }
  if ($typed.Count -eq 0) { $offered = @($holdfastCommands.Keys | Sort-Object) }
  elseif ($command -and $word -like '-*') { $offered = $command.Flags }
  elseif ($command) {
    $kind = $command.Names
    if ($command.Values.ContainsKey($typed[-1])) { $offered = $command.Values[$typed[-1]]; $kind = '' }
    elseif ($command.Kinds.ContainsKey($typed[-1])) { $kind = $command.Kinds[$typed[-1]] }
    elseif ($typed.Count -eq 1 -and $command.Words.Count -gt 0) { $offered = $command.Words; $kind = '' }
    if ($kind) { $offered = @(holdfast completion --names $kind 2>$null) }
  }
  $offered | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

/** Single quotes for a POSIX shell; fish reads the same spelling the same way for text without backslashes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
