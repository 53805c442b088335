import type { Report, Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';

/** The values of `nameFlags`. */
export interface NameFlags {
  readonly router: readonly string[];
  readonly 'public-keys': string | undefined;
  readonly lifetime: string | undefined;
  readonly ttl: string | undefined;
  readonly password: boolean;
}

/** One of the things that `holdfast name` does. */
export interface NameAction {
  /** Operands after its word, for messages. */
  readonly operands: string;
  readonly arity: readonly [number, number];
  run(operands: readonly string[], flags: NameFlags, tools: Tools): Promise<Report>;
}

/** The operands of an action, counted. */
export function checkedOperands(
  word: string,
  { operands, arity: [least, most] }: NameAction,
  given: readonly string[],
): readonly string[] {
  if (given.length >= least && given.length <= most) return given;
  throw new Misuse(
    `name ${word} expects ${operands || 'nothing after it'}, got ${given.length === 0 ? 'nothing' : given.join(' ')}`,
    'holdfast name --help shows what it takes',
  );
}
