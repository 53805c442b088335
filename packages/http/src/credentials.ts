import { PinningError } from '../pinning-error.ts';

export type Auth =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } };

/** A secret that can be sent, and can be struck out of texts, but not be read or printed. */
export class Credentials {
  /** How it is presented; for messages. */
  readonly kind: 'bearer' | 'basic' | 'none';
  readonly #header: string | undefined;
  readonly #secrets: readonly string[];

  constructor(auth?: Auth) {
    if (!auth) {
      this.kind = 'none';
      this.#secrets = [];
    } else if ('bearer' in auth) {
      this.kind = 'bearer';
      this.#header = `Bearer ${printable('auth.bearer', auth.bearer)}`;
      this.#secrets = spellings(auth.bearer);
    } else {
      const { user, password } = auth.basic;
      if (user.includes(':')) throw new PinningError('invalid', 'auth.basic.user expected no colon, got one');
      if (user === '' || password === '') {
        throw new PinningError('invalid', 'auth.basic expected a user and a password, got an empty one');
      }
      const encoded = Buffer.from(`${user}:${password}`).toString('base64');
      this.kind = 'basic';
      this.#header = `Basic ${encoded}`;
      this.#secrets = [...spellings(password), ...spellings(encoded)];
    }
  }

  get header(): string | undefined {
    return this.#header;
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
}

/** A trailing newline is what most secrets in a CI system are broken by; the message must not show more. */
function printable(name: string, value: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new PinningError(
      'invalid',
      `${name} expected printable ASCII without spaces, got ${value === '' ? 'nothing' : 'something else'}: is there a line break at its end?`,
    );
  }
  return value;
}

function spellings(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const all = [secret, encodeURIComponent(secret), escaped, Buffer.from(secret).toString('base64')];
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}
