/** A command line that cannot be split into a program and its arguments. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

// What a shell would act on. There is no shell here, so each of these outside quotes is a misunderstanding.
const operators = new Set('|&;<>()$`');

/**
 * Splits a command as a shell would split plain words: spaces and line ends separate, '…' is literal, "…" knows
 * \" and \\, a back-slash outside quotes takes the next character as it is. Nothing is expanded: what only a shell
 * can do (pipes, redirections, variables) is refused, since it would reach the program as plain text.
 */
export function commandWords(command: string): [program: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let index = 0; index < command.length; index += 1) {
    const char = command.charAt(index);
    const next = command.charAt(index + 1);
    if (quote === undefined && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === quote) {
      quote = undefined;
    } else if (char === '\\' && (quote === undefined || (quote === '"' && (next === '"' || next === '\\')))) {
      if (next === '') throw new CommandError('expected a character after the last back-slash, got the end');
      word = (word ?? '') + next;
      index += 1;
    } else if (
      quote !== "'" &&
      operators.has(char) &&
      (quote === undefined || char === '$' || char === '`')
    ) {
      throw new CommandError(
        `expected a program and its arguments, got ${char} at character ${index + 1}: no shell runs this. ` +
          "Put it in single quotes if it is meant literally, or put the shell's work into a script and name that",
      );
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== undefined) throw new CommandError(`expected a closing ${quote}, got the end`);
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  if (program === undefined || program === '') throw new CommandError('expected a program, got nothing');
  return [program, ...args];
}
