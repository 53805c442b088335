import { nearest } from '@holdfast/manifest/text';
import type { Tools } from './command.ts';
import { Misuse } from './misuse.ts';

export interface Question {
  /** The flag that answers it without a terminal. */
  readonly flag: string;
  readonly text: string;
  readonly suggestion?: string | undefined;
  readonly choices?: readonly string[];
  /** What is wrong with an answer; it is asked again. */
  readonly problem?: (answer: string) => Promise<string | undefined> | string | undefined;
  /** An empty answer is one. */
  readonly optional?: boolean;
}

/** Asks until there is an answer. Without a terminal it is a misuse that names the flag. */
export async function ask(question: Question, tools: Tools): Promise<string> {
  if (!tools.interactive) {
    throw new Misuse(
      `--${question.flag} is missing and there is no terminal to ask on`,
      `add --${question.flag}`,
    );
  }
  const choices = question.choices ? ` (${question.choices.join(', ')})` : '';
  const suggestion = question.suggestion ? ` [${question.suggestion}]` : '';
  for (;;) {
    const given = (await tools.stdin.ask(`${question.text}${choices}${suggestion}: `)).trim();
    const answer = given || question.suggestion || '';
    if (answer === '' && question.optional) return answer;
    if (answer !== '' && (!question.choices || question.choices.includes(answer))) {
      const problem = await question.problem?.(answer);
      if (problem === undefined) return answer;
      tools.note(problem);
      continue;
    }
    const near = question.choices && nearest(answer, question.choices);
    if (near) tools.note(`did you mean ${near}?`);
  }
}

/** A new password, typed twice. */
export async function askNewPassword(tools: Tools): Promise<string> {
  for (;;) {
    const first = await tools.stdin.ask('Password for the new key: ', { hidden: true });
    if (first === '') {
      tools.note('an empty password protects nothing; for a key without a password leave --password out');
      continue;
    }
    if ((await tools.stdin.ask('Repeat the password: ', { hidden: true })) === first) return first;
    tools.note('the passwords differ');
  }
}
