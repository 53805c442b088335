import { Refusal } from './answer.ts';

export type Body = Record<string, unknown>;

/** Says what is wrong with a value, or nothing. */
export type Check = (value: unknown, at: string) => string | undefined;

export const text =
  (max = Number.POSITIVE_INFINITY): Check =>
  (value, at) => {
    if (typeof value !== 'string') return `For '${at}', ${JSON.stringify(value)} is not a string.`;
    if ([...value].length > max) return `For '${at}', the text is too long (maximum is ${max} characters).`;
    return undefined;
  };

export const commitName: Check = (value, at) =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)
    ? undefined
    : `For '${at}', ${JSON.stringify(value)} is not a full commit SHA.`;

export const oneOf =
  (...values: string[]): Check =>
  (value, at) =>
    values.includes(value as string)
      ? undefined
      : `For '${at}', ${JSON.stringify(value)} is not a member of ${JSON.stringify(values)}.`;

export const line: Check = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 1
    ? undefined
    : `For '${at}', ${JSON.stringify(value)} is not a positive integer.`;

export const listOf =
  (item: Check, max: number): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return `For '${at}', ${JSON.stringify(value)} is not an array.`;
    if (value.length > max)
      return `For '${at}', no more than ${max} items are allowed; ${value.length} were supplied.`;
    return value.map((it, index) => item(it, `${at}/${index}`)).find(Boolean);
  };

export const object =
  (fields: Record<string, Check>, required: readonly string[]): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return `For '${at}', ${JSON.stringify(value)} is not an object.`;
    }
    const missing = required.find((name) => (value as Body)[name] === undefined);
    if (missing) return `"${missing}" wasn't supplied.`;
    for (const [name, field] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!check) return `"${name}" is not a permitted key.`;
      const fault = check(field, at ? `${at}/${name}` : name);
      if (fault) return fault;
    }
    return undefined;
  };

/** Refuses a body of another shape in the words that GitHub's schema check uses. */
export function expectBody(body: unknown, check: Check): Body {
  const fault = check(body, '');
  if (fault) throw new Refusal(422, `Invalid request.\n\n${fault}`);
  return body as Body;
}
