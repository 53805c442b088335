import type { IncomingMessage } from 'node:http';
import type { BackOff } from '../back-off.ts';
import { type Clock, systemClock } from '../clock.ts';
import { PinningError } from '../pinning-error.ts';
import { aborted } from './aborted.ts';
import { readLines, readText } from './body.ts';
import type { BreakerOptions } from './circuit-breaker.ts';
import { type Auth, Credentials } from './credentials.ts';
import { Endpoint } from './endpoint.ts';
import { EndpointPool } from './endpoint-pool.ts';
import { Exchange, type HttpRequest } from './exchange.ts';
import { type Interpretation, refusal } from './refusal.ts';
import { plain, serverMessage, shortened } from './server-message.ts';

export interface ApiOptions {
  readonly endpoints: readonly string[];
  readonly auth?: Auth;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly backOff?: BackOff;
  readonly breaker?: BreakerOptions;
  /** The longest silence of an endpoint that is borne. 30 s unless told otherwise. */
  readonly idleMs?: number;
  /** The largest answer that is read whole. 16 MiB unless told otherwise. */
  readonly maxBytes?: number;
  /** The longest line of a stream. 1 MiB unless told otherwise. */
  readonly maxLineBytes?: number;
}

export interface Answer {
  readonly endpoint: Endpoint;
  readonly message: IncomingMessage;
}

const maxErrorBytes = 64 << 10;

/** A JSON API over HTTP at one or several endpoints. */
export class Api {
  readonly credentials: Credentials;
  readonly endpoints: readonly Endpoint[];
  readonly clock: Clock;
  readonly #exchange: Exchange;
  readonly #pool: EndpointPool;
  readonly #interpret: Interpretation | undefined;
  readonly #maxBytes: number;
  readonly #maxLineBytes: number;
  readonly #idleMs: number;

  constructor(options: ApiOptions, interpret?: Interpretation) {
    if (options.endpoints.length === 0) {
      throw new PinningError('invalid', 'endpoints expected at least one address, got none');
    }
    this.credentials = new Credentials(options.auth);
    this.endpoints = options.endpoints.map((address) => Endpoint.parse(address));
    this.clock = options.clock ?? systemClock;
    this.#interpret = interpret;
    this.#maxBytes = options.maxBytes ?? 16 << 20;
    this.#maxLineBytes = options.maxLineBytes ?? 1 << 20;
    this.#idleMs = options.idleMs ?? 30_000;
    this.#exchange = new Exchange(this.credentials, { idleMs: this.#idleMs });
    this.#pool = new EndpointPool(this.endpoints, {
      clock: this.clock,
      random: options.random ?? Math.random,
      aborted: (signal) => aborted(signal, this.label, this.credentials),
      ...(options.backOff && { backOff: options.backOff }),
      ...(options.breaker && { breaker: options.breaker }),
    });
  }

  get label(): string {
    return this.endpoints.map((endpoint) => endpoint.label).join(', ');
  }

  /** The body of a success as JSON; undefined where it has none. */
  json(request: HttpRequest, signal?: AbortSignal): Promise<unknown> {
    return this.#pool.run(async (endpoint) => {
      const message = await this.#ask(endpoint, request, signal);
      const text = await this.#text(message, this.#maxBytes, endpoint, signal);
      if (text === '') return undefined;
      this.#expectJson(message, endpoint, request);
      return this.#parse(text, endpoint, request);
    }, signal);
  }

  /** Newline-delimited JSON, one value at a time. Another endpoint stands in only until the first is there. */
  async *lines(request: HttpRequest, signal?: AbortSignal): AsyncGenerator<unknown> {
    const { endpoint, message } = await this.open(request, signal);
    try {
      if (message.statusCode === 204) return void message.resume();
      yield* this.values(endpoint, message, request, signal);
    } finally {
      if (!message.complete) message.destroy();
    }
  }

  /** The head of a success, its body unread. */
  open(request: HttpRequest, signal?: AbortSignal): Promise<Answer> {
    return this.#pool.run(async (endpoint) => {
      const message = await this.#ask(endpoint, request, signal);
      if (message.statusCode !== 204) this.#expectJson(message, endpoint, request);
      return { endpoint, message };
    }, signal);
  }

  async *values(
    endpoint: Endpoint,
    message: IncomingMessage,
    request: HttpRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<unknown> {
    try {
      let previous: string | undefined;
      for await (const line of readLines(message, this.#maxLineBytes, endpoint.label)) {
        if (previous !== undefined) yield this.#parse(previous, endpoint, request);
        previous = line.trim() === '' ? undefined : line;
      }
      if (previous !== undefined) yield this.#last(previous, endpoint, request);
      this.#expectWhole(message, endpoint, request);
    } catch (error) {
      const failure = this.#broken(error, endpoint, signal);
      this.#pool.report(endpoint, failure);
      throw failure;
    }
  }

  close(): void {
    this.#exchange.close();
  }

  async #ask(endpoint: Endpoint, request: HttpRequest, signal?: AbortSignal): Promise<IncomingMessage> {
    const message = await this.#exchange.send(endpoint, request, signal);
    const status = message.statusCode ?? 0;
    if (status >= 200 && status < 300) return message;
    // What cannot be read of an error's body is no reason to forget its status.
    const body = await this.#text(message, maxErrorBytes, endpoint, signal).catch(() => '');
    throw refusal(message, body, {
      endpoint,
      credentials: this.credentials,
      asked: asked(request),
      now: this.clock.now(),
      ...(this.#interpret && { interpret: this.#interpret }),
    });
  }

  async #text(
    message: IncomingMessage,
    max: number,
    endpoint: Endpoint,
    signal?: AbortSignal,
  ): Promise<string> {
    const slow = () =>
      message.destroy(
        new PinningError('timeout', `${endpoint.label}: expected an answer within ${this.#idleMs / 500} s`, {
          endpoint: endpoint.label,
        }),
      );
    // A body that comes byte by byte is never silent.
    const timer = setTimeout(slow, 2 * this.#idleMs);
    try {
      return await readText(message, max, endpoint.label);
    } catch (error) {
      throw this.#broken(error, endpoint, signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #parse(text: string, endpoint: Endpoint, request: HttpRequest): unknown {
    try {
      return JSON.parse(request.answersSecret ? text : this.credentials.redactData(text));
    } catch {
      const start = shortened(plain(this.credentials.redact(text)), 40);
      throw new PinningError(
        'bad-response',
        `${endpoint.label}: ${asked(request)} expected JSON, got ${JSON.stringify(start)}`,
        { endpoint: endpoint.label },
      );
    }
  }

  #last(line: string, endpoint: Endpoint, request: HttpRequest): unknown {
    try {
      return JSON.parse(this.credentials.redactData(line));
    } catch {
      throw cut(endpoint, `${asked(request)} ended in the middle of a line`);
    }
  }

  #expectWhole(message: IncomingMessage, endpoint: Endpoint, request: HttpRequest): void {
    const said = (message.trailers['x-stream-error'] ?? '').replace(/^[\s,]+|[\s,]+$/g, '');
    if (said === '') return;
    const words = shortened(this.credentials.redact(serverMessage(said)));
    const code = this.#interpret?.(500, words) ?? 'truncated';
    throw new PinningError(code, `${endpoint.label}: ${asked(request)} broke off: ${words}`, {
      endpoint: endpoint.label,
    });
  }

  #expectJson(message: IncomingMessage, endpoint: Endpoint, request: HttpRequest): void {
    const type = message.headers['content-type'] ?? 'nothing';
    if (/\b(json|ndjson|x-ndjson)\b/i.test(type)) return;
    message.destroy();
    const shown = shortened(this.credentials.redact(plain(type)), 60);
    throw new PinningError(
      'bad-response',
      `${endpoint.label}: ${asked(request)} expected JSON, got ${shown}: is this the address of the API?`,
      { endpoint: endpoint.label },
    );
  }

  #broken(error: unknown, endpoint: Endpoint, signal?: AbortSignal): PinningError {
    const failure = this.#exchange.failure(error, endpoint, signal);
    if (failure.code !== 'unavailable' || failure.status !== undefined) return failure;
    return cut(endpoint, `the answer was cut off`, failure.cause);
  }
}

function cut(endpoint: Endpoint, what: string, cause?: unknown): PinningError {
  return new PinningError('truncated', `${endpoint.label}: ${what}`, { endpoint: endpoint.label, cause });
}

function asked({ method, path }: HttpRequest): string {
  return `${method} ${path}`;
}
