import { parseArgs } from 'node:util';
import { escapeText, nearest } from '@holdfast/manifest/text';
import type { Args, Flag, Flags } from './command.ts';
import { Misuse } from './misuse.ts';

/** The flags of every command. */
export const commonFlags = {
  json: {
    type: 'boolean',
    about: 'print one JSON document; progress goes to standard error as JSON lines',
  },
  quiet: { type: 'boolean', short: 'q', about: 'print only problems and the one value a script wants' },
  help: { type: 'boolean', short: 'h', about: 'show this help' },
} as const satisfies Flags;

interface Declared {
  readonly name: string;
  readonly flags: Flags;
  readonly operands: string;
  readonly arity: readonly [number, number];
}

/** The command line of one command, or a `Misuse` that names the flag and what it takes. */
export function parseFlags(command: Declared, argv: readonly string[]): Args {
  const flags: Flags = { ...command.flags, ...commonFlags };
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(flags).flatMap(([name, flag]) =>
        namesOf(name, flag).map((each) => [each, optionOf(flag)]),
      ),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const remarks: string[] = [];
  const values: Record<string, boolean | string | string[] | undefined> = {};
  for (const [name, flag] of Object.entries(flags)) {
    values[name] = flag.type === 'boolean' ? false : flag.multiple ? [] : undefined;
  }
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const name = currentName(flags, token.name);
    const flag = name === undefined ? undefined : flags[name];
    if (name === undefined || !flag) throw unknownFlag(command, flags, token.rawName);
    if (name !== token.name) remarks.push(`--${token.name} is now --${name}`);
    if (flag.type === 'boolean') {
      if (token.value !== undefined) throw noValue(command, token.rawName);
      values[name] = true;
      continue;
    }
    const value = checkedValue(command, flag, token.rawName, givenValue(token), token.inlineValue === true);
    const known = values[name];
    if (Array.isArray(known)) known.push(value);
    else if (known !== undefined) throw new Misuse(`${token.rawName} is given twice`, usageHint(command));
    else values[name] = value;
  }
  if (!values.help) checkArity(command, operands);
  return { operands, flags: values as Args['flags'], remarks };
}

function namesOf(name: string, { formerly }: Flag): string[] {
  return formerly === undefined ? [name] : [name, formerly];
}

function currentName(flags: Flags, given: string): string | undefined {
  if (Object.hasOwn(flags, given)) return given;
  return Object.keys(flags).find((name) => flags[name]?.formerly === given);
}

function optionOf(flag: Flag): { type: 'boolean' | 'string'; short?: string; multiple?: boolean } {
  return flag.short ? { type: flag.type, short: flag.short } : { type: flag.type };
}

function unknownFlag(command: Declared, flags: Flags, rawName: string): Misuse {
  const near = nearest(rawName.replace(/^-+/, ''), Object.keys(flags));
  // Only the name: the value of a mistyped flag may be a secret.
  return new Misuse(
    `${escapeText(rawName)} is not a flag of ${command.name}${near ? `; did you mean --${near}?` : ''}`,
    usageHint(command),
  );
}

function noValue(command: Declared, rawName: string): Misuse {
  return rawName === '--password'
    ? new Misuse(
        '--password takes no value: the command line is visible to everyone on this machine',
        'holdfast asks for it on a terminal; elsewhere set HOLDFAST_PASSWORD or HOLDFAST_PASSWORD_FILE',
      )
    : new Misuse(`${rawName} is a switch and takes no value`, usageHint(command));
}

/** `-oFILE` is the classic spelling. Many programs take `-o=FILE` too, which never means the file `=FILE`. */
function givenValue({
  rawName,
  value,
  inlineValue,
}: {
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}): string | undefined {
  return inlineValue && !rawName.startsWith('--') ? value?.replace(/^=/, '') : value;
}

function checkedValue(
  command: Declared,
  flag: Flag,
  rawName: string,
  value: string | undefined,
  inline: boolean,
): string {
  if (value === undefined || (!inline && value.length > 1 && value.startsWith('-'))) {
    const hint =
      value && `a value that begins with a dash needs an equals sign: ${rawName}=${flag.value ?? 'VALUE'}`;
    throw new Misuse(`${rawName} expects ${flag.value ?? 'a value'}`, hint || usageHint(command));
  }
  if (value === '') {
    throw new Misuse(
      `${rawName} expects ${flag.value ?? 'a value'}, got an empty value`,
      'is a variable unset? Leave the flag out if it has no value',
    );
  }
  if (flag.choices && !flag.choices.includes(value)) {
    const near = nearest(value, flag.choices);
    const meant = near ? `; did you mean ${near}?` : '';
    throw new Misuse(
      `${rawName} takes ${listed(flag.choices)}, not "${escapeText(value)}"${meant}`,
      usageHint(command),
    );
  }
  return value;
}

function checkArity(command: Declared, operands: readonly string[]): void {
  const [least, most] = command.arity;
  if (operands.length < least) {
    throw new Misuse(`${command.name} expects ${command.operands}`, usageHint(command));
  }
  if (operands.includes('')) {
    throw new Misuse(
      `${command.name} expects ${command.operands}, got an empty value`,
      'is a variable unset?',
    );
  }
  if (operands.length > most) {
    const extra = operands.slice(most).map(escapeText).join(' ');
    const what = most === 0 ? 'takes no operands' : `takes only ${command.operands}`;
    throw new Misuse(`${command.name} ${what}; got also ${extra}`, usageHint(command));
  }
}

function usageHint(command: Declared): string {
  return `holdfast ${command.name} --help shows what it takes`;
}

/** `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
