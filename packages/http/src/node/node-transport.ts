import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { PinningError } from '../pinning-error.ts';
import { aborted } from './aborted.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { errorCode, safeCause } from './safe-cause.ts';
import { type RequestBody, sendBody } from './upload.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the endpoint's base path. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** The answer is a secret that the caller is to have. */
  readonly answersSecret?: true;
  /** In place of the limit for all requests. */
  readonly idleMs?: number;
}

export interface HttpLimits {
  /** The longest silence that is borne, from connecting to the last byte. */
  readonly idleMs: number;
}

/**
 * One request to one endpoint over node:http. Not fetch: a stream of the cluster ends with a trailer that
 * tells whether it is whole, and fetch hides trailers. Redirects are not followed, so credentials never
 * travel to another host.
 */
export class Exchange {
  readonly #credentials: Credentials;
  readonly #limits: HttpLimits;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });

  constructor(credentials: Credentials, limits: HttpLimits) {
    this.#credentials = credentials;
    this.#limits = limits;
  }

  /** Resolves once the answer's head is there. The answer's body must be read to its end or destroyed. */
  async send(endpoint: Endpoint, request: HttpRequest, signal?: AbortSignal): Promise<IncomingMessage> {
    try {
      return await this.#once(endpoint, request, signal);
    } catch (error) {
      const resent = error instanceof StaleConnection && typeof request.body !== 'function';
      if (!resent) throw this.failure(error, endpoint, signal);
    }
    try {
      return await this.#once(endpoint, request, signal);
    } catch (error) {
      throw this.failure(error, endpoint, signal);
    }
  }

  /** Closes connections that are kept for later. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** What a broken connection, or the end of the caller's patience, means. */
  failure(error: unknown, endpoint: Endpoint, signal?: AbortSignal): PinningError {
    if (error instanceof PinningError) return error;
    if (signal?.aborted) return aborted(signal, endpoint.label, this.#credentials);
    const cause = safeCause(error instanceof StaleConnection ? error.cause : error, this.#credentials);
    const code = errorCode(error instanceof StaleConnection ? error.cause : error) ?? cause.message;
    const details = { cause, endpoint: endpoint.label };
    if (/^HPE_|^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
      const what = code.startsWith('HPE_') ? 'an answer in HTTP' : 'a certificate that can be trusted';
      return new PinningError('bad-response', `${endpoint.label}: expected ${what}, got ${code}`, details);
    }
    return new PinningError('unavailable', `${endpoint.label}: no answer (${code})`, details);
  }

  #once(endpoint: Endpoint, request: HttpRequest, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted(signal, endpoint.label, this.#credentials));
      const url = endpoint.resolve(request.path, request.query);
      const tls = url.protocol === 'https:';
      const { header } = this.#credentials;
      const { idleMs = this.#limits.idleMs } = request;
      const outgoing = (tls ? httpsRequest : httpRequest)(url, {
        method: request.method,
        agent: tls ? this.#https : this.#http,
        headers: {
          accept: 'application/json',
          ...(header === undefined ? {} : { authorization: header }),
          ...request.headers,
        },
      });
      let answer: IncomingMessage | undefined;
      // Once there is an answer, who reads it has to learn why it ended.
      const end = (error: Error) => (answer ?? outgoing).destroy(error);
      const stop = () => signal && end(aborted(signal, endpoint.label, this.#credentials));
      const idle = () => {
        if (answer && answer.readableLength > 0) outgoing.setTimeout(idleMs);
        else end(silent(endpoint, idleMs));
      };
      // A head that comes byte by byte is never silent. An upload takes as long as it takes.
      const head = typeof request.body === 'function' ? undefined : setTimeout(idle, idleMs);
      signal?.addEventListener('abort', stop, { once: true });
      outgoing.setTimeout(idleMs);
      outgoing.on('timeout', idle);
      outgoing.on('close', () => {
        clearTimeout(head);
        signal?.removeEventListener('abort', stop);
      });
      outgoing.on('error', (error) => {
        const stale = outgoing.reusedSocket && errorCode(error) === 'ECONNRESET';
        reject(stale ? new StaleConnection(error) : error);
      });
      outgoing.on('response', (message) => {
        clearTimeout(head);
        answer = message;
        resolve(message);
      });
      sendBody(outgoing, request.body).catch(end);
    });
  }
}

function silent(endpoint: Endpoint, idleMs: number): PinningError {
  return new PinningError(
    'timeout',
    `${endpoint.label}: expected an answer, got ${idleMs / 1_000} s of silence`,
    {
      endpoint: endpoint.label,
    },
  );
}

/** The other side had closed a kept connection before it read the request: nothing was done. */
class StaleConnection extends Error {
  constructor(cause: unknown) {
    super('a kept connection was closed', { cause });
  }
}
