import type { Endpoint } from './endpoint.ts';
import { HttpError } from './http-error.ts';
import { networkFailure, silent } from './network-failure.ts';
import { maxRedirects, redirectTarget } from './redirect.ts';
import {
  type HttpAnswer,
  type HttpRequest,
  headersOf,
  type RequestBody,
  type Transport,
} from './transport.ts';

export interface FetchTransportOptions {
  /** The `fetch` to use. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * - `none` (default): a redirect is an answer like another, and not a success
   * - `same-site`: a `GET` goes on to the same host or to a sub-domain of it, as public gateways redirect; credentials
   *   stay with the first origin
   */
  readonly redirects?: 'none' | 'same-site' | undefined;
}

/** Requests over `fetch`: in a browser, in a worker and in Node. It sees no trailers. */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  return {
    async send(endpoint, request, { credentials, idleMs, signal }) {
      const stop = new AbortController();
      const end = () => stop.abort(silent(endpoint.label, request.idleMs ?? idleMs));
      const watch = new SilenceWatch(end, request.idleMs ?? idleMs);
      const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      try {
        signal?.throwIfAborted();
        // An upload takes as long as it takes.
        if (typeof request.body !== 'function') watch.start();
        const headers = await headersOf(request, credentials);
        const response = await exchange(endpoint, request, headers, both, options);
        return answerOf(response, watch, stop);
      } catch (error) {
        throw networkFailure(stop.signal.reason ?? error, { label: endpoint.label, credentials, signal });
      } finally {
        watch.stop();
      }
    },
  };
}

async function exchange(
  endpoint: Endpoint,
  request: HttpRequest,
  headers: Record<string, string>,
  signal: AbortSignal,
  { fetch = globalThis.fetch, redirects = 'none' }: FetchTransportOptions,
): Promise<Response> {
  const first = endpoint.resolve(request.path, request.query);
  const init = { method: request.method, signal, redirect: 'manual', ...bodyInit(request.body) } as const;
  const { authorization: _, ...open } = headers;
  let url = first;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await fetch(url, { ...init, headers: url.origin === first.origin ? headers : open });
    const location = redirects === 'same-site' && request.method === 'GET' && redirectOf(response);
    if (location === false) return response;
    await response.body?.cancel();
    if (response.type === 'opaqueredirect')
      return followed(await fetch(url, { ...init, redirect: 'follow', headers: open }), first);
    url = redirectTarget(first, url, location, endpoint.label);
  }
  throw new HttpError('bad-response', `${endpoint.label}: redirected more than ${maxRedirects} times`, {
    endpoint: endpoint.label,
  });
}

function redirectOf(response: Response): string | undefined | false {
  if (response.type !== 'opaqueredirect' && (response.status < 300 || response.status >= 400)) return false;
  return response.headers.get('location') ?? undefined;
}

/** A browser shows no redirect: it follows by itself, and where it came to is checked. */
function followed(response: Response, first: URL): Response {
  redirectTarget(first, first, response.url, first.origin);
  return response;
}

function answerOf(response: Response, watch: SilenceWatch, stop: AbortController): HttpAnswer {
  return {
    status: response.type === 'opaqueredirect' ? 302 : response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: chunks(response, watch, stop),
    trailer: () => undefined,
    cancel: (reason) => stop.abort(reason),
  };
}

async function* chunks(
  response: Response,
  watch: SilenceWatch,
  stop: AbortController,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      watch.start();
      const { done, value } = await reader.read();
      watch.stop();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw stop.signal.reason ?? error;
  } finally {
    watch.stop();
    await reader.cancel().catch(() => {});
  }
}

/** Counts only while something is awaited: a slow reader is not a silent endpoint. */
class SilenceWatch {
  readonly #end: () => void;
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(end: () => void, ms: number) {
    this.#end = end;
    this.#ms = ms;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(this.#end, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function bodyInit(body: RequestBody | undefined): Pick<RequestInit, 'body' | 'duplex'> {
  if (body === undefined) return {};
  if (typeof body !== 'function') return { body: body as string | Uint8Array<ArrayBuffer> };
  const source = body()[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return?.();
    },
  });
  return { body: stream, duplex: 'half' };
}
