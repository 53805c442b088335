import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Auth } from '@holdfast/http';
import { Misuse } from './misuse.ts';
import type { Ports } from './ports.ts';
import { type VariablePorts, variable } from './variable.ts';

/** Where secrets come from. */
export type SecretPorts = Pick<Ports, 'cwd' | 'stdin'> & VariablePorts;

/** A secret from the variable `name`, or from the file that `name_FILE` points to (`-` is standard input). Never from the command line. */
export async function secretFrom(name: string, ports: SecretPorts): Promise<string | undefined> {
  const value = variable(name, ports);
  const file = variable(`${name}_FILE`, ports);
  if (value && file) throw new Misuse(`${name} and ${name}_FILE are both set`, 'unset one of them');
  if (value) return value;
  if (!file) return undefined;
  try {
    // `-` is standard input: a pipe from a password manager, for example.
    const bytes = file === '-' ? await ports.stdin.read() : await readFile(resolve(ports.cwd, file));
    const secret = new TextDecoder().decode(bytes).replace(/\r?\n$/, '');
    if (secret === '') throw new Misuse(`${name}_FILE names an empty file: ${file}`);
    return secret;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`${name}_FILE names a file that can't be read: ${file}`, (error as Error).message);
  }
}

/** `user:password`, or a token where there is no colon. */
export async function authFrom(name: string, ports: SecretPorts): Promise<Auth | undefined> {
  const secret = await secretFrom(name, ports);
  return secret === undefined ? undefined : authOf(name, secret);
}

/** The same of a secret that is known already; `name` stands for it in messages. */
export function authOf(name: string, secret: string): Auth {
  const colon = secret.indexOf(':');
  if (colon < 0) return { bearer: checkedToken(name, secret) };
  const [user, password] = [secret.slice(0, colon), secret.slice(colon + 1)];
  if (user === '' || password === '' || /\p{Cc}/u.test(secret)) throw unusable(name);
  return { basic: { user, password } };
}

/** A token that a header can carry. Whatever refuses it later might show it. */
export function checkedToken(name: string, token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) throw unusable(name);
  return token;
}

function unusable(name: string): Misuse {
  return new Misuse(
    `${name} holds no usable credentials: expected user:password, or a token of printable ASCII without spaces`,
    'does it end with a line break, or is a part empty? The value is not shown',
  );
}
