import { HttpError } from './http-error.ts';

/** A base address of an API: its path is kept, and it holds no credential. */
export class Endpoint {
  readonly url: URL;
  readonly label: string;

  private constructor(url: URL) {
    this.url = url;
    this.label = `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
  }

  static parse(address: string, name = 'endpoint'): Endpoint {
    // The address may hold a secret until it is proved not to: it is not repeated in messages.
    if (!URL.canParse(address)) {
      throw new HttpError('invalid', `${name} expected an address such as https://host:9094, got no URL`);
    }
    const url = new URL(address);
    if (url.username || url.password) {
      throw new HttpError(
        'invalid',
        `${name} expected an address without credentials, got a user or a password in it: give them as auth instead`,
      );
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new HttpError('invalid', `${name} expected http: or https:, got ${url.protocol}`);
    }
    if (url.search || url.hash) {
      throw new HttpError('invalid', `${name} expected an address without a query or a fragment, got one`);
    }
    url.pathname = url.pathname.replace(/\/+$/, '');
    return new Endpoint(url);
  }

  /** `/pins` below the base path. */
  resolve(path: string, query?: URLSearchParams): URL {
    const url = new URL(this.url);
    url.pathname = `${this.url.pathname === '/' ? '' : this.url.pathname}${path}`;
    if (query) url.search = short(query);
    return url;
  }
}

/** These mean nothing in a query (RFC 3986, section 3.4) and come by the hundred in a pin: a byte each, not three. */
function short(query: URLSearchParams): string {
  return query.toString().replace(/%(?:2C|2F|3A|40)/g, decodeURIComponent);
}
