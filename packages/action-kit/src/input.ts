/** How one input is read. `parse` gets the trimmed text, never an empty one, and throws a sentence that begins with "expected". */
export interface Input<T> {
  readonly parse: (text: string) => T;
  /** Used when the input is absent or empty. Without it the input is required. */
  readonly fallback?: { readonly value: T };
  readonly secret?: true;
}

export class InputFault extends Error {
  override readonly name = 'InputFault';
}

const show = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
const refuse = (expected: string, text: string): never => {
  throw new InputFault(`expected ${expected}, got ${show(text)}`);
};

export function text(pattern: RegExp = /^/, expected = 'a text'): Input<string> {
  return { parse: (value) => (pattern.test(value) ? value : refuse(expected, value)) };
}

export function choice<const T extends string>(...values: readonly T[]): Input<T> {
  return { parse: (value) => values.find((known) => known === value) ?? refuse(values.join(', '), value) };
}

/** `true` or `false`, as YAML 1.2 writes them: `on` and `yes` are refused, not read as false. */
export const flag: Input<boolean> = {
  parse: (value) =>
    /^(?:true|True|TRUE)$/.test(value)
      ? true
      : /^(?:false|False|FALSE)$/.test(value)
        ? false
        : refuse('true or false', value),
};

export function integer(least: number, most: number): Input<number> {
  return {
    parse: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      return number >= least && number <= most
        ? number
        : refuse(`a whole number from ${least} to ${most}`, value);
    },
  };
}

const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `20m`, `1h`; in milliseconds. */
export const duration: Input<number> = {
  parse: (value) => {
    const [, digits = '', name = ''] = value.match(/^(\d{1,9})(ms|s|m|h)$/) ?? [];
    return digits === ''
      ? refuse('a duration such as 90s, 20m or 1h', value)
      : Number(digits) * unit[name as keyof typeof unit];
  },
};

/** `http` only on this machine, where nobody listens in. No credentials: errors would show them. */
export const url: Input<string> = {
  parse: (value) => {
    const parsed = URL.canParse(value)
      ? new URL(value)
      : refuse('an address such as https://example.org', value);
    const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(parsed.hostname);
    if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && local))
      refuse('an https address', value);
    if (parsed.username !== '' || parsed.password !== '')
      throw new InputFault('expected an address without credentials in it');
    return value;
  },
};

/** One item a line. Empty lines are ignored. */
export function lines<T>(item: Input<T>): Input<readonly T[]> {
  return {
    parse: (value) =>
      value
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .map((line) => item.parse(line)),
  };
}

export function optional<T>(input: Input<T>): Input<T | undefined> {
  return { ...input, fallback: { value: undefined } };
}

export function withDefault<T>(input: Input<T>, value: NoInfer<T>): Input<T> {
  return { ...input, fallback: { value } };
}

/** Masked before it is used. */
export function secret(input: Input<string> = text()): Input<string> {
  return { ...input, secret: true };
}
