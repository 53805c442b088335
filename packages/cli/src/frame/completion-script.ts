import { commonFlags } from './flags.ts';
import type { Flag, Verb } from './verb.ts';

export type Shell = 'bash' | 'fish' | 'zsh';

export function completionScript(shell: Shell, verbs: readonly Verb[]): string {
  return { bash, fish, zsh }[shell](verbs);
}

/** The words that a verb's operand is one of, as help shows them: `bash|zsh|fish`. None where it is anything else. */
function operandWords({ operands }: Verb): readonly string[] {
  return /^[a-z]+(?:\|[a-z]+)+$/.test(operands) ? operands.split('|') : [];
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
  const operands = verbs.flatMap((verb) => {
    const words = operandWords(verb);
    return words.length > 0 ? [`    ${verb.name}:${verb.name}) words=${quoted(words.join(' '))} ;;`] : [];
  });
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

function zsh(verbs: readonly Verb[]): string {
  const described = verbs.map((verb) => `    ${quoted(`${verb.name}:${verb.summary}`)}`);
  const cases = verbs.map((verb) => {
    const specs = flagsOf(verb).map(([name, flag]) => {
      const about = flag.about.replace(/[[\]:]/g, '\\$&');
      const action = flag.choices ? `(${flag.choices.join(' ')})` : '_files';
      const value = flag.type === 'string' ? `:${flag.value ?? name}:${action}` : '';
      return `        ${quoted(`${flag.multiple ? '*' : ''}--${name}[${about}]${value}`)}`;
    });
    const words = operandWords(verb);
    specs.push(`        ${quoted(words.length > 0 ? `1:word:(${words.join(' ')})` : '*:file:_files')}`);
    return `      ${verb.name}) _arguments \\\n${specs.join(' \\\n')} ;;`;
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
    ...operandLines(verb),
    ...flagsOf(verb).map(([name, flag]) => {
      const short = flag.short ? ` -s ${flag.short}` : '';
      const takes = flag.choices
        ? ` -x -a ${quoted(flag.choices.join(' '))}`
        : flag.type === 'string'
          ? ' -r'
          : '';
      return `complete -c holdfast -n ${seen(verb)} -l ${name}${short}${takes} -d ${quoted(flag.about)}`;
    }),
  ]);
  return `# holdfast completion for fish: holdfast completion fish | source\n${lines.join('\n')}\n`;
}

const seen = (verb: Verb) => quoted(`__fish_seen_subcommand_from ${verb.name}`);

function operandLines(verb: Verb): string[] {
  const words = operandWords(verb);
  return words.length > 0 ? [`complete -c holdfast -n ${seen(verb)} -f -a ${quoted(words.join(' '))}`] : [];
}

/** Single quotes for a POSIX shell; fish reads the same spelling the same way for text without backslashes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
