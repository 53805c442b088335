import type { BackOff } from './back-off.ts';
import { limited, readBytes, readLines, textOf } from './body.ts';
import type { BreakerOptions } from './circuit-breaker.ts';
import { type Clock, systemClock } from './clock.ts';
import { type AuthSource, Credentials } from './credentials.ts';
import { Endpoint } from './endpoint.ts';
import { EndpointPool } from './endpoint-pool.ts';
import { fetchTransport } from './fetch-transport.ts';
import { HttpError, type HttpErrorCode } from './http-error.ts';
import { aborted, networkFailure } from './network-failure.ts';
import { type Interpretation, refusal } from './refusal.ts';
import { plain, serverMessage, shortened } from './server-message.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';

export interface HttpClientOptions<Code extends string = HttpErrorCode> {
  /** Base addresses of the same service: the one that answered last is asked first, the others stand in. */
  readonly endpoints: readonly string[];
  readonly auth?: AuthSource | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly backOff?: BackOff | undefined;
  readonly breaker?: BreakerOptions | undefined;
  /** The longest silence of an endpoint. Default: 30 s. */
  readonly idleMs?: number | undefined;
  /** The largest body that is read whole. Default: 16 MiB. */
  readonly maxBytes?: number | undefined;
  /** The longest line of a stream. Default: 1 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** Default: `fetchTransport()`, which follows no redirect. */
  readonly transport?: Transport | undefined;
  /** What a status and the server's words mean, where HTTP's own meaning is too coarse. */
  readonly interpret?: Interpretation<Code> | undefined;
  /** What callers get in place of an `HttpError`. */
  readonly asError?: ((error: HttpError<Code | HttpErrorCode>) => Error) | undefined;
}

export interface BodyOptions {
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's limit. */
  readonly maxBytes?: number | undefined;
}

const maxErrorBytes = 64 << 10;

/** A service over HTTP at one or several endpoints: retries, failover, limits, and no secret in a message. */
export class HttpClient<Code extends string = HttpErrorCode> {
  readonly credentials: Credentials;
  readonly endpoints: readonly Endpoint[];
  readonly clock: Clock;
  readonly #options: HttpClientOptions<Code>;
  readonly #transport: Transport;
  readonly #pool: EndpointPool;
  readonly #maxBytes: number;
  readonly #idleMs: number;

  constructor(options: HttpClientOptions<Code>) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#maxBytes = options.maxBytes ?? 16 << 20;
    this.#idleMs = options.idleMs ?? 30_000;
    try {
      if (!Array.isArray(options.endpoints) || options.endpoints.length === 0) {
        const got = typeof options.endpoints === 'string' ? 'a text: put it into a list' : 'none';
        throw new HttpError('invalid', `endpoints expected at least one address, got ${got}`);
      }
      this.credentials = new Credentials(options.auth);
      this.endpoints = options.endpoints.map((address) => Endpoint.parse(address));
    } catch (error) {
      throw this.#outward(error);
    }
    this.#transport = options.transport ?? fetchTransport();
    this.#pool = new EndpointPool(this.endpoints, {
      clock: this.clock,
      random: options.random ?? Math.random,
      aborted: (signal) => aborted(signal, this.label, this.credentials),
      backOff: options.backOff,
      breaker: options.breaker,
    });
  }

  /** Where it talks to; for messages. */
  get label(): string {
    return this.endpoints.map((endpoint) => endpoint.label).join(', ');
  }

  /** The body of a success as JSON; undefined where it has none. */
  json(request: HttpRequest, signal?: AbortSignal): Promise<unknown> {
    return this.#run(async (endpoint) => {
      const answer = await this.#ask(endpoint, request, signal);
      const text = textOf(await this.#whole(answer, this.#maxBytes, endpoint, signal));
      if (text === '') return undefined;
      this.#expectJson(answer, endpoint, request);
      return this.#parse(text, endpoint, request);
    }, signal);
  }

  /** The body of a success, whole. */
  bytes(request: HttpRequest, { signal, maxBytes = this.#maxBytes }: BodyOptions = {}): Promise<Uint8Array> {
    return this.#run(async (endpoint) => {
      const answer = await this.#ask(endpoint, request, signal);
      return this.#whole(answer, maxBytes, endpoint, signal);
    }, signal);
  }

  /** A success with its body as it comes, at most `maxBytes` of it. Another endpoint stands in only until its head is there. */
  async stream(request: HttpRequest, { signal, maxBytes }: BodyOptions = {}): Promise<HttpAnswer> {
    const { endpoint, answer } = await this.#open(request, signal);
    const body = limited(answer.body, maxBytes ?? Number.POSITIVE_INFINITY, endpoint.label);
    return { ...answer, body: this.#reported(body, answer, endpoint, signal) };
  }

  /** Newline-delimited JSON, one value at a time. Another endpoint stands in only until the first is there. */
  async *lines(request: HttpRequest, signal?: AbortSignal): AsyncGenerator<unknown> {
    const { endpoint, answer } = await this.#open(request, signal, (answer, endpoint) => {
      if (answer.status !== 204) this.#expectJson(answer, endpoint, request);
    });
    if (answer.status === 204) return answer.cancel();
    yield* this.#reported(this.#values(endpoint, answer, request), answer, endpoint, signal);
  }

  close(): void {
    this.#transport.close?.();
  }

  async #run<T>(attempt: (endpoint: Endpoint) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await this.#pool.run(attempt, signal);
    } catch (error) {
      throw this.#outward(error);
    }
  }

  #open(
    request: HttpRequest,
    signal: AbortSignal | undefined,
    check: (answer: HttpAnswer, endpoint: Endpoint) => void = () => {},
  ): Promise<{ endpoint: Endpoint; answer: HttpAnswer }> {
    return this.#run(async (endpoint) => {
      const answer = await this.#ask(endpoint, request, signal);
      check(answer, endpoint);
      return { endpoint, answer };
    }, signal);
  }

  async #ask(endpoint: Endpoint, request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    const { credentials } = this;
    const options = { credentials, idleMs: this.#idleMs, signal };
    let answer = await this.#transport.send(endpoint, request, options);
    if (answer.status === 401 && credentials.renew()) {
      answer.cancel();
      answer = await this.#transport.send(endpoint, request, options);
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    // A body that cannot be read is no reason to forget the status.
    const body = await this.#whole(answer, maxErrorBytes, endpoint, signal).catch(() => new Uint8Array());
    throw refusal(answer, textOf(body), {
      endpoint,
      credentials,
      asked: asked(request),
      now: this.clock.now(),
      interpret: this.#options.interpret,
    });
  }

  async #whole(
    answer: HttpAnswer,
    maxBytes: number,
    endpoint: Endpoint,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { label } = endpoint;
    const slow = () =>
      answer.cancel(
        new HttpError('timeout', `${label}: expected an answer within ${this.#idleMs / 500} s`, {
          endpoint: label,
        }),
      );
    // A body that comes byte by byte is never silent.
    const timer = setTimeout(slow, 2 * this.#idleMs);
    try {
      return await readBytes(answer.body, maxBytes, label);
    } catch (error) {
      throw this.#broken(error, endpoint, signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async *#reported<T>(
    items: AsyncIterable<T>,
    answer: HttpAnswer,
    endpoint: Endpoint,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      const failure = this.#broken(error, endpoint, signal);
      this.#pool.report(endpoint, failure);
      throw this.#outward(failure);
    } finally {
      answer.cancel();
    }
  }

  async *#values(endpoint: Endpoint, answer: HttpAnswer, request: HttpRequest): AsyncGenerator<unknown> {
    const { maxLineBytes = 1 << 20 } = this.#options;
    let previous: string | undefined;
    for await (const line of readLines(answer.body, maxLineBytes, endpoint.label)) {
      if (previous !== undefined) yield this.#parse(previous, endpoint, request);
      previous = line.trim() === '' ? undefined : line;
    }
    if (previous !== undefined) yield this.#last(previous, endpoint, request);
    this.#expectWhole(answer, endpoint, request);
  }

  #parse(text: string, { label }: Endpoint, request: HttpRequest): unknown {
    try {
      return JSON.parse(request.answersSecret ? text : this.credentials.redactData(text));
    } catch {
      const start = shortened(plain(this.credentials.redact(text)), 40);
      const message = `${label}: ${asked(request)} expected JSON, got ${JSON.stringify(start)}`;
      throw new HttpError('bad-response', message, { endpoint: label });
    }
  }

  #last(line: string, endpoint: Endpoint, request: HttpRequest): unknown {
    try {
      return JSON.parse(this.credentials.redactData(line));
    } catch {
      throw cut(endpoint, `${asked(request)} ended in the middle of a line`);
    }
  }

  #expectWhole(answer: HttpAnswer, { label }: Endpoint, request: HttpRequest): void {
    const said = (answer.trailer('x-stream-error') ?? '').replace(/^[\s,]+|[\s,]+$/g, '');
    if (said === '') return;
    const words = shortened(this.credentials.redact(serverMessage(said)));
    const code = this.#options.interpret?.(500, words) ?? 'truncated';
    throw new HttpError(code, `${label}: ${asked(request)} broke off: ${words}`, { endpoint: label });
  }

  #expectJson(answer: HttpAnswer, { label }: Endpoint, request: HttpRequest): void {
    const type = answer.header('content-type') ?? 'nothing';
    if (/\b(json|ndjson|x-ndjson)\b/i.test(type)) return;
    answer.cancel();
    const shown = shortened(this.credentials.redact(plain(type)), 60);
    throw new HttpError(
      'bad-response',
      `${label}: ${asked(request)} expected JSON, got ${shown}: is this the address of the API?`,
      { endpoint: label },
    );
  }

  #broken(error: unknown, endpoint: Endpoint, signal?: AbortSignal): HttpError<Code | HttpErrorCode> {
    const { label } = endpoint;
    const failure = networkFailure(error, { label, credentials: this.credentials, signal });
    if (failure.code !== 'unavailable' || failure.status !== undefined) return failure;
    return cut(endpoint, 'the answer was cut off', failure.cause);
  }

  #outward(error: unknown): unknown {
    const { asError } = this.#options;
    return error instanceof HttpError && asError ? asError(error) : error;
  }
}

function cut({ label }: Endpoint, what: string, cause?: unknown): HttpError {
  return new HttpError('truncated', `${label}: ${what}`, { endpoint: label, cause });
}

function asked({ method, path }: HttpRequest): string {
  return `${method} ${path}`;
}
