import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Misuse } from './misuse.ts';
import type { Ports } from './ports.ts';

/** Where secrets come from. */
export type SecretPorts = Pick<Ports, 'cwd' | 'env' | 'stdin'>;

/** A secret from the variable `name`, or from the file that `name_FILE` points to (`-` is standard input). Never from the command line. */
export async function secretFrom(name: string, ports: SecretPorts): Promise<string | undefined> {
  const value = ports.env[name];
  const file = ports.env[`${name}_FILE`];
  if (value && file) throw new Misuse(`${name} and ${name}_FILE are both set`, 'unset one of them');
  if (value) return value;
  if (!file) return undefined;
  try {
    // `-` is standard input, as elsewhere: a pipe from a password manager.
    const bytes = file === '-' ? await ports.stdin.read() : await readFile(resolve(ports.cwd, file));
    const secret = new TextDecoder().decode(bytes).replace(/\r?\n$/, '');
    if (secret === '') throw new Misuse(`${name}_FILE names an empty file: ${file}`);
    return secret;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`${name}_FILE names a file that can't be read: ${file}`, (error as Error).message);
  }
}

export type Auth =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } };

/** `user:password`, or a token where there is no colon. */
export async function authFrom(name: string, ports: SecretPorts): Promise<Auth | undefined> {
  const secret = await secretFrom(name, ports);
  if (secret === undefined) return undefined;
  const colon = secret.indexOf(':');
  return colon < 0
    ? { bearer: secret }
    : { basic: { user: secret.slice(0, colon), password: secret.slice(colon + 1) } };
}
