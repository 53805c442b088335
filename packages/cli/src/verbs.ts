import type { Verb } from './verb.ts';

export interface VerbEntry {
  readonly group: 'describe' | 'check' | 'keep' | 'set up';
  readonly summary: string;
  load(): Promise<Verb>;
}

/** Every verb; help needs only this table, so a verb's code is loaded when the verb is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  completion: {
    group: 'set up',
    summary: 'print the completion script of your shell',
    load: async () => (await import('./verbs/completion.ts')).completion,
  },
};
