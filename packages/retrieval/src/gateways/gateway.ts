import { joinBytes, parseCid, verifyBlock } from '@holdfast/content/internal';
import type { BlockRequest } from '@holdfast/content/read';
import {
  type Auth,
  type AuthSource,
  type HttpAnswer,
  HttpClient,
  HttpError,
  type HttpRequest,
  type Transport,
} from '@holdfast/http';
import { RetrievalError } from '../error.ts';
import { asFault, GatewayFault } from './gateway-fault.ts';

/** A place that has blocks. It is trusted with nothing: every block is hashed as it arrives. */
export interface Source {
  /** A trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/), or the RPC of a Kubo node. */
  readonly kind: 'gateway' | 'kubo';
  /** Where it is, in words of your own: those of the `region` of the pool are asked first. */
  readonly region?: string | undefined;
  /** Base URL: `https://trustless-gateway.link`, `http://127.0.0.1:5001`. */
  readonly url: string;
  readonly auth?: AuthSource | undefined;
  /** How a gateway is asked for a file of several blocks: a request a block, or one CAR. Default: `raw`. */
  readonly format?: 'raw' | 'car' | undefined;
}

const raw = 'application/vnd.ipld.raw';
const car = 'application/vnd.ipld.car; version=1; order=dfs; dups=n';

interface ReadDetails {
  readonly onBytes?: ((received: number, length: number | undefined) => void) | undefined;
  readonly local?: boolean;
}

/** One source, asked over HTTP, each block verified. What goes wrong is a `GatewayFault`. */
export class Gateway {
  readonly format: 'raw' | 'car';
  readonly region: string | undefined;
  /** For messages: without credentials, query or fragment. */
  readonly name: string;
  readonly #kind: Source['kind'];
  readonly #client: HttpClient;

  constructor(source: Source, transport: Transport, idleMs: number) {
    const base = parseBase(source.url);
    const auth = source.auth ?? authOf(base);
    base.username = '';
    base.password = '';
    base.search = '';
    base.hash = '';
    this.#kind = source.kind;
    this.region = source.region;
    this.format = source.kind === 'gateway' ? (source.format ?? 'raw') : 'raw';
    try {
      this.#client = new HttpClient({
        endpoints: [base.href],
        auth,
        idleMs,
        transport,
        // Who asks again, and whom, is decided for all gateways together.
        backOff: { attempts: 1, firstMs: 0, longestMs: 0 },
        breaker: { threshold: Number.POSITIVE_INFINITY, maxRestMs: 0 },
      });
    } catch (cause) {
      throw new RetrievalError('source-invalid', `source ${base.origin}: ${(cause as Error).message}`, {
        cause,
      });
    }
    this.name = this.#client.label;
  }

  /** `onBytes` is told when the answer begins and as it comes, and its length where the gateway says it. */
  block(
    cid: string,
    request: BlockRequest,
    onBytes?: (received: number, length: number | undefined) => void,
  ): Promise<Uint8Array> {
    return this.#read(cid, request, { onBytes });
  }

  /** Whether it has the block itself, without being made to fetch it; what it gives is hashed. */
  async hasLocally(cid: string, request: BlockRequest): Promise<boolean> {
    try {
      await this.#read(cid, request, { local: true });
      return true;
    } catch (error) {
      const answer = error instanceof GatewayFault ? error.cause : undefined;
      if (!(answer instanceof HttpError)) throw error;
      // RFC 9110, section 15.5.13, for `only-if-cached`; Kubo's RPC says every error with 500.
      const lacks = answer.status === 412 || (answer.status === 500 && /not found/.test(answer.message));
      if (lacks || answer.status === 404) return false;
      throw error;
    }
  }

  async #read(
    cid: string,
    { signal, maxBytes }: BlockRequest,
    { onBytes, local = false }: ReadDetails,
  ): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    try {
      const answer = await this.#client.stream(this.#blockRequest(cid, local), { signal });
      checkHead(answer);
      const declared = lengthOf(answer);
      onBytes?.(0, declared);
      let length = 0;
      for await (const part of answer.body) {
        length += part.length;
        if (length > maxBytes)
          throw new GatewayFault('final', `sent more than ${maxBytes} bytes for one block`);
        parts.push(part);
        onBytes?.(length, declared);
      }
    } catch (error) {
      throw asFault(error, signal);
    }
    return verified(cid, joinBytes(parts));
  }

  #blockRequest(cid: string, local: boolean): HttpRequest {
    if (this.#kind === 'kubo') {
      const query = new URLSearchParams({ arg: cid, ...(local && { offline: 'true' }) });
      return { method: 'POST', path: '/api/v0/block/get', query, headers: { accept: raw } };
    }
    const query = new URLSearchParams({ format: 'raw' });
    const headers = { accept: raw, ...(local && { 'cache-control': 'only-if-cached' }) };
    return { method: 'GET', path: `/ipfs/${cid}`, query, headers };
  }

  /** A file with all its blocks, as the bytes of a CAR that nobody has checked yet. */
  async *car(cid: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const query = new URLSearchParams({ format: 'car', 'dag-scope': 'entity' });
    try {
      const request = { method: 'GET', path: `/ipfs/${cid}`, query, headers: { accept: car } } as const;
      const answer = await this.#client.stream(request, { signal });
      checkHead(answer);
      yield* answer.body;
    } catch (error) {
      throw asFault(error, signal);
    }
  }
}

function lengthOf(answer: HttpAnswer): number | undefined {
  const length = answer.header('content-length');
  return length === undefined || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
}

function checkHead(answer: HttpAnswer): void {
  const isPage = /^text\/html\b/i.test(answer.header('content-type') ?? '');
  if (answer.status === 200 && !isPage) return;
  answer.cancel();
  throw new GatewayFault(
    'final',
    answer.status === 200
      ? 'answered with a web page: it is not a trustless gateway'
      : `answered ${answer.status}`,
  );
}

function verified(cid: string, bytes: Uint8Array): Uint8Array {
  try {
    verifyBlock(parseCid(cid), bytes);
    return bytes;
  } catch (cause) {
    throw new GatewayFault('final', 'sent other bytes than the CID names', { cause });
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

function authOf({ username, password }: URL): Auth | undefined {
  if (username === '' && password === '') return undefined;
  try {
    return { basic: { user: decodeURIComponent(username), password: decodeURIComponent(password) } };
  } catch {
    throw new RetrievalError(
      'source-invalid',
      '"url" of a source expected credentials in percent-encoded UTF-8',
    );
  }
}
