import { RetrievalError } from '../error.ts';

export type SourceAuth =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } };

/** A place that has blocks. It is trusted with nothing: every block is hashed as it arrives. */
export interface Source {
  /** A trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/), or the RPC of a Kubo node. */
  readonly kind: 'gateway' | 'kubo';
  /** Base URL: `https://trustless-gateway.link`, `http://127.0.0.1:5001`. */
  readonly url: string;
  readonly auth?: SourceAuth | undefined;
  /** How a gateway is asked for a file of several blocks: a request a block, or one CAR. Default: `raw`. */
  readonly format?: 'raw' | 'car' | undefined;
}

export interface GatewayRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
}

/** A source with its URL parsed and its secrets out of sight. */
export class Gateway {
  readonly kind: Source['kind'];
  readonly format: 'raw' | 'car';
  /** For messages: without credentials, query or fragment. */
  readonly name: string;
  readonly #base: URL;
  readonly #authorization: string | undefined;

  constructor(source: Source) {
    const base = parseBase(source.url);
    this.#authorization = authorization(source, base);
    base.username = '';
    base.password = '';
    this.#base = base;
    this.kind = source.kind;
    this.format = source.kind === 'gateway' ? (source.format ?? 'raw') : 'raw';
    this.name = `${base.origin}${base.pathname.replace(/\/$/, '')}`;
  }

  block(cid: string): GatewayRequest {
    if (this.kind === 'kubo')
      return this.#request('POST', `api/v0/block/get?arg=${cid}`, 'application/octet-stream');
    return this.#request('GET', `ipfs/${cid}?format=raw`, 'application/vnd.ipld.raw');
  }

  /** A file with all its blocks, as a CAR. */
  car(cid: string): GatewayRequest {
    const accept = 'application/vnd.ipld.car; version=1; order=dfs; dups=n';
    return this.#request('GET', `ipfs/${cid}?format=car&dag-scope=entity`, accept);
  }

  #request(method: 'GET' | 'POST', path: string, accept: string): GatewayRequest {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, '')}/${path}`, this.#base);
    const headers = {
      accept,
      ...(this.#authorization === undefined ? {} : { authorization: this.#authorization }),
    };
    return { url, method, headers };
  }
}

function parseBase(text: string): URL {
  // The text itself may hold a password, so no message repeats it.
  if (!URL.canParse(text))
    throw new RetrievalError('source-invalid', '"url" of a source expected an http or https URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new RetrievalError(
      'source-invalid',
      `"url" of a source expected http or https, got ${url.protocol}`,
    );
  }
  return url;
}

function authorization({ auth }: Source, { username, password }: URL): string | undefined {
  if (auth !== undefined && 'bearer' in auth) {
    // What cannot stand in a header would come back in the error of whoever tried to send it.
    if (/^[\x21-\x7e]+$/.test(auth.bearer)) return `Bearer ${auth.bearer}`;
    throw new RetrievalError(
      'source-invalid',
      '"bearer" of a source expected printable ASCII without spaces: is there a line break at its end?',
    );
  }
  if (auth !== undefined) return basic(auth.basic.user, auth.basic.password);
  if (username === '' && password === '') return undefined;
  try {
    return basic(decodeURIComponent(username), decodeURIComponent(password));
  } catch {
    throw new RetrievalError(
      'source-invalid',
      '"url" of a source expected credentials in percent-encoded UTF-8',
    );
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}
