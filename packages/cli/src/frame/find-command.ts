import { escapeText, nearest } from '@holdfast/manifest/text';
import type { Command, CommandEntry, CommandTable } from './command.ts';
import { Misuse } from './misuse.ts';

/** What other tools call it. */
const otherWords: Readonly<Record<string, string>> = {
  add: 'create',
  new: 'create',
  push: 'publish',
  upload: 'publish',
  import: 'publish',
  pull: 'fetch',
  get: 'fetch',
  download: 'fetch',
  clone: 'fetch',
  ls: 'list',
  show: 'inspect',
  info: 'inspect',
  validate: 'verify',
  lint: 'check',
  test: 'check',
  update: 'revise',
  edit: 'revise',
  withdraw: 'revise --withdraw',
  rm: 'revise --withdraw',
  remove: 'revise --withdraw',
  delete: 'revise --withdraw',
  repair: 'heal',
  hash: 'cid',
  key: 'keygen',
  setup: 'init',
};

/** The command that a word on the command line names. */
export async function findCommand(commands: CommandTable, word: string): Promise<Command> {
  const entry = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (entry) return loadCommand(word, entry);
  if (word.startsWith('-')) {
    // Only the name: the value of a mistyped flag may be a secret.
    const name = escapeText(word.replace(/=.*/s, ''));
    throw new Misuse(
      `expected a command, got ${name}`,
      `flags come after the command: holdfast COMMAND ${name}; holdfast --help lists the commands`,
    );
  }
  const near =
    (Object.hasOwn(otherWords, word) ? otherWords[word] : undefined) ?? nearest(word, Object.keys(commands));
  throw new Misuse(
    `"${escapeText(word)}" is not a holdfast command${near ? `; did you mean holdfast ${near}?` : ''}`,
    'holdfast --help lists the commands',
  );
}

export async function loadCommand(name: string, { summary, load }: CommandEntry): Promise<Command> {
  return { name, summary, ...(await load()) };
}
