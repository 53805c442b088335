import { escapeText, nearest } from '@holdfast/manifest/text';
import { listed } from './flags.ts';
import { Misuse } from './misuse.ts';

/** What the word after a command names. */
export function actionOf<T>(command: string, actions: Readonly<Record<string, T>>, word: string): T {
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined) return action;
  const words = Object.keys(actions);
  const near = nearest(word, words);
  throw new Misuse(
    `${command} takes ${listed(words)}, not "${escapeText(word)}"${near ? `; did you mean ${near}?` : ''}`,
    `holdfast ${command} --help shows what it takes`,
  );
}
