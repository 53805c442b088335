import { HttpError } from './http-error.ts';

export type Auth =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } };

/** Credentials, or what gives them when they are needed: asked once, and again after a 401. */
export type AuthSource = Auth | (() => Auth | Promise<Auth>);

/** `user:password`, or a token where there is no colon. */
export function parseAuth(secret: string, name = 'auth'): Auth {
  const colon = secret.indexOf(':');
  const auth: Auth =
    colon < 0
      ? { bearer: secret }
      : { basic: { user: secret.slice(0, colon), password: secret.slice(colon + 1) } };
  presented(auth, name);
  return auth;
}

/** A secret that can be sent, and struck out of texts, but not read or printed. */
export class Credentials {
  readonly #source: (() => Auth | Promise<Auth>) | undefined;
  #presented: Promise<Presented> | undefined;
  #kind: 'bearer' | 'basic' | 'none' = 'none';
  #secrets: readonly string[] = [];

  constructor(auth?: AuthSource) {
    if (typeof auth === 'function') this.#source = auth;
    else if (auth) this.#presented = Promise.resolve(this.#keep(auth));
  }

  /** How it is presented; for messages. */
  get kind(): 'bearer' | 'basic' | 'none' {
    return this.#kind;
  }

  /** The value of `Authorization`; undefined where there are no credentials. */
  async header(): Promise<string | undefined> {
    const source = this.#source;
    if (source) this.#presented ??= Promise.resolve().then(async () => this.#keep(await source()));
    try {
      return (await this.#presented)?.header;
    } catch (error) {
      this.#presented = undefined;
      if (error instanceof HttpError) throw error;
      const { message } = error instanceof Error ? error : new Error(String(error));
      throw new HttpError('unauthorized', `auth expected credentials, got an error: ${message}`, {
        cause: error,
      });
    }
  }

  /** Forgets what a function gave. False where there is no function to ask again. */
  renew(): boolean {
    if (this.#source) this.#presented = undefined;
    return this.#source !== undefined;
  }

  /** Servers echo what they were sent; what they say passes through here before anybody sees it. */
  redact(text: string, leastLength = 1): string {
    const secrets = this.#secrets.filter((secret) => secret.length >= leastLength);
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  }

  /** The same for data, which a short password must not pull to pieces. */
  redactData(text: string): string {
    return this.redact(text, 8);
  }

  #keep(auth: Auth): Presented {
    const value = presented(auth, 'auth');
    this.#kind = 'bearer' in auth ? 'bearer' : 'basic';
    this.#secrets = [...new Set([...value.secrets, ...this.#secrets])];
    return value;
  }
}

interface Presented {
  readonly header: string;
  readonly secrets: readonly string[];
}

function presented(auth: Auth, name: string): Presented {
  if ('bearer' in auth) {
    const token = printable(`${name}.bearer`, auth.bearer);
    return { header: `Bearer ${token}`, secrets: spellings(token) };
  }
  const { user, password } = auth.basic;
  if (user.includes(':')) throw new HttpError('invalid', `${name}.basic.user expected no colon, got one`);
  if (user === '' || password === '') {
    throw new HttpError('invalid', `${name}.basic expected a user and a password, got an empty one`);
  }
  const encoded = base64(`${user}:${password}`);
  return { header: `Basic ${encoded}`, secrets: [...spellings(password), ...spellings(encoded)] };
}

/** A trailing newline is what most secrets in a CI system are broken by; the message must not show more. */
function printable(name: string, value: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new HttpError(
      'invalid',
      `${name} expected printable ASCII without spaces, got ${value === '' ? 'nothing' : 'something else'}: is there a line break at its end?`,
    );
  }
  return value;
}

function spellings(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const all = [secret, encodeURIComponent(secret), escaped, base64(secret)];
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
