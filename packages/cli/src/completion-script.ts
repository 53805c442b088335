import { commonFlags } from './flags.ts';
import type { Flag, Verb } from './verb.ts';

export type Shell = 'bash' | 'fish' | 'zsh';

export function completionScript(shell: Shell, verbs: readonly Verb[]): string {
  return { bash, fish, zsh }[shell](verbs);
}

const flagsOf = (verb: Verb) => Object.entries<Flag>({ ...verb.flags, ...commonFlags });

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map((verb) => {
    const words = flagsOf(verb).map(([name]) => `--${name}`);
    return `    ${verb.name}) flags=${quoted(words.join(' '))} ;;`;
  });
  const choices = verbs.flatMap((verb) =>
    flagsOf(verb).flatMap(([name, flag]) =>
      flag.choices ? [`    ${verb.name}:--${name}) words=${quoted(flag.choices.join(' '))} ;;`] : [],
    ),
  );
  return `# holdfast completion for bash: source <(holdfast completion bash)
_holdfast() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}" flags="" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(`${verbs.map((verb) => verb.name).join(' ')} help --help --version`)} -- "$cur"))
    return
  fi
  case "$verb" in
${cases.join('\n')}
  esac
  case "$verb:$prev" in
${choices.join('\n')}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  fi
}
complete -o default -F _holdfast holdfast
`;
}

function zsh(verbs: readonly Verb[]): string {
  const described = verbs.map((verb) => `    ${quoted(`${verb.name}:${verb.summary}`)}`);
  const cases = verbs.map((verb) => {
    const specs = flagsOf(verb).map(([name, flag]) => {
      const about = flag.about.replace(/[[\]:]/g, '\\$&');
      const action = flag.choices ? `(${flag.choices.join(' ')})` : '_files';
      const value = flag.type === 'string' ? `:${flag.value ?? name}:${action}` : '';
      return `        ${quoted(`${flag.multiple ? '*' : ''}--${name}[${about}]${value}`)}`;
    });
    return `      ${verb.name}) _arguments \\\n${specs.join(' \\\n')} \\\n        '*:file:_files' ;;`;
  });
  return `#compdef holdfast
# holdfast completion for zsh: source <(holdfast completion zsh)
_holdfast() {
  local -a verbs
  verbs=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'verb' verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join('\n')}
  esac
}
compdef _holdfast holdfast
`;
}

function fish(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap((verb) => [
    `complete -c holdfast -n __fish_use_subcommand -f -a ${verb.name} -d ${quoted(verb.summary)}`,
    ...flagsOf(verb).map(([name, flag]) => {
      const short = flag.short ? ` -s ${flag.short}` : '';
      const takes = flag.choices
        ? ` -x -a ${quoted(flag.choices.join(' '))}`
        : flag.type === 'string'
          ? ' -r'
          : '';
      const where = quoted(`__fish_seen_subcommand_from ${verb.name}`);
      return `complete -c holdfast -n ${where} -l ${name}${short}${takes} -d ${quoted(flag.about)}`;
    }),
  ]);
  return `# holdfast completion for fish: holdfast completion fish | source\n${lines.join('\n')}\n`;
}

/** Single quotes for a POSIX shell; fish reads the same spelling the same way for text without backslashes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
