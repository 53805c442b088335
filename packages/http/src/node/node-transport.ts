import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Endpoint } from '../endpoint.ts';
import { networkFailure, silent } from '../network-failure.ts';
import { errorCode } from '../safe-cause.ts';
import {
  type HttpAnswer,
  type HttpRequest,
  headersOf,
  type SendOptions,
  type Transport,
} from '../transport.ts';
import { sendBody } from './send-body.ts';

/**
 * Requests over node:http. Not fetch: a stream of the cluster ends with a trailer that says whether it is whole, and fetch
 * hides trailers. Redirects are not followed, so credentials never travel to another host.
 */
export function nodeTransport(): Transport {
  return new NodeTransport();
}

class NodeTransport implements Transport {
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });

  async send(endpoint: Endpoint, request: HttpRequest, options: SendOptions): Promise<HttpAnswer> {
    const { credentials, signal } = options;
    try {
      return await this.#once(endpoint, request, options).catch((error: unknown) => {
        const resent = error instanceof StaleConnection && typeof request.body !== 'function';
        if (!resent) throw error;
        return this.#once(endpoint, request, options);
      });
    } catch (error) {
      throw networkFailure(error, { label: endpoint.label, credentials, signal });
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #once(endpoint: Endpoint, request: HttpRequest, options: SendOptions): Promise<HttpAnswer> {
    const { credentials, signal } = options;
    const headers = await headersOf(request, credentials);
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      signal?.throwIfAborted();
      const url = endpoint.resolve(request.path, request.query);
      const tls = url.protocol === 'https:';
      const { idleMs = options.idleMs } = request;
      const outgoing = (tls ? httpsRequest : httpRequest)(url, {
        method: request.method,
        agent: tls ? this.#https : this.#http,
        headers,
      });
      let answer: IncomingMessage | undefined;
      // Once there is an answer, its reader has to learn why it ended.
      const end = (error: Error) => (answer ?? outgoing).destroy(error);
      const stop = () => end(networkFailure(signal?.reason, { label: endpoint.label, credentials, signal }));
      const idle = () => {
        if (answer && answer.readableLength > 0) outgoing.setTimeout(idleMs);
        else end(silent(endpoint.label, idleMs));
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
    return answerOf(message);
  }
}

function answerOf(message: IncomingMessage): HttpAnswer {
  return {
    status: message.statusCode ?? 0,
    header: (name) => String(message.headers[name.toLowerCase()] ?? '') || undefined,
    body: message,
    trailer: (name) => message.trailers[name.toLowerCase()],
    cancel: (reason) => {
      if (reason || !message.complete) message.destroy(reason);
    },
  };
}

/** The other side had closed a kept connection before it read the request: nothing was done. */
class StaleConnection extends Error {
  constructor(cause: Error) {
    super('a kept connection was closed', { cause });
  }
}
