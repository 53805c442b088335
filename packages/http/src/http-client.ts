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
import { Patience } from './patience.ts';
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
  /** The longest silence of an endpoint; while another one stands by, its own answer times make it shorter. Default: 30 s. */
  readonly idleMs?: number | undefined;
  /** The largest body that is read whole. Default: 16 MiB. */
  readonly maxBytes?: number | undefined;
  /** The longest line of a stream. Default: 1 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** Default: `fetchTransport()`, which follows no redirect. */
  readonly transport?: Transport | undefined;
  /** What a status and the server's words mean, where HTTP's own meaning is too coarse. */
  readonly interpret?: Interpretation<Code> | undefined;
  /** How long to rest after a 429 that does not say. Default: as after any passing fault. */
  readonly busyPauseMs?: number | undefined;
  /** What callers get in place of an `HttpError`. */
  readonly asError?: ((error: HttpError<Code | HttpErrorCode>) => Error) | undefined;
}

/** What an answer is. Anything else comes from another service, so the next endpoint is asked. */
export interface Expected<T> {
  /** For the message: `a peer with an id`. */
  readonly what: string;
  /** The value, or undefined where it is something else. */
  readonly read: (value: unknown) => T | undefined;
}

/** The same for a list, value by value. */
export interface ExpectedLines<T> extends Expected<T> {
  /** After a whole list: what it lacks, or undefined where it lacks nothing. */
  readonly lacks?: (() => string | undefined) | undefined;
}

export interface BodyOptions {
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's limit. */
  readonly maxBytes?: number | undefined;
}

const maxErrorBytes = 64 << 10;
const anything: Expected<unknown> = { what: 'a value', read: (value) => value };

/** A service over HTTP at one or several endpoints: retries, failover, limits, and no secret in a message. */
export class HttpClient<Code extends string = HttpErrorCode> {
  readonly credentials: Credentials;
  readonly endpoints: readonly Endpoint[];
  readonly clock: Clock;
  readonly #options: HttpClientOptions<Code>;
  readonly #transport: Transport;
  readonly #pool: EndpointPool;
  readonly #maxBytes: number;
  readonly #patience: Patience;

  constructor(options: HttpClientOptions<Code>) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#maxBytes = options.maxBytes ?? 16 << 20;
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
    this.#patience = new Patience(this.clock, options.idleMs ?? 30_000, this.endpoints);
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
  json(request: HttpRequest, signal?: AbortSignal): Promise<unknown>;
  json<T>(request: HttpRequest, signal: AbortSignal | undefined, expected: Expected<T>): Promise<T>;
  json(request: HttpRequest, signal?: AbortSignal, expected?: Expected<unknown>): Promise<unknown> {
    return this.#run(
      async (endpoint, idleMs) => {
        const answer = await this.#ask(endpoint, request, idleMs, signal);
        const text = textOf(await this.#whole(answer, this.#maxBytes, { endpoint, idleMs, signal }));
        if (text !== '') this.#expectJson(answer, endpoint, request);
        const value = text === '' ? undefined : this.#parse(text, endpoint, request);
        return expected ? this.#expected(value, expected, endpoint, request) : value;
      },
      signal,
      request,
    );
  }

  /** The body of a success, whole. */
  bytes(request: HttpRequest, { signal, maxBytes = this.#maxBytes }: BodyOptions = {}): Promise<Uint8Array> {
    return this.#run(
      async (endpoint, idleMs) => {
        const answer = await this.#ask(endpoint, request, idleMs, signal);
        return this.#whole(answer, maxBytes, { endpoint, idleMs, signal });
      },
      signal,
      request,
    );
  }

  /** A success with its body as it comes, at most `maxBytes` of it. Another endpoint stands in only until its head is there. */
  async stream(request: HttpRequest, { signal, maxBytes }: BodyOptions = {}): Promise<HttpAnswer> {
    const { endpoint, answer } = await this.#open(request, signal);
    const body = limited(answer.body, maxBytes ?? Number.POSITIVE_INFINITY, endpoint.label);
    return { ...answer, body: this.#reported(body, answer, endpoint, signal) };
  }

  /** Newline-delimited JSON, one value at a time. Another endpoint stands in only until the first is there. */
  lines(request: HttpRequest, signal?: AbortSignal): AsyncGenerator<unknown>;
  lines<T>(
    request: HttpRequest,
    signal: AbortSignal | undefined,
    expected: ExpectedLines<T>,
  ): AsyncGenerator<T>;
  async *lines(
    request: HttpRequest,
    signal?: AbortSignal,
    expected: ExpectedLines<unknown> = anything,
  ): AsyncGenerator<unknown> {
    const { endpoint, answer } = await this.#open(request, signal, (answer, endpoint) => {
      if (answer.status !== 204) this.#expectJson(answer, endpoint, request);
    });
    yield* this.#reported(this.#values(endpoint, answer, request, expected), answer, endpoint, signal);
  }

  close(): void {
    this.#transport.close?.();
  }

  async #run<T>(
    attempt: (endpoint: Endpoint, idleMs: number) => Promise<T>,
    signal: AbortSignal | undefined,
    { turn }: HttpRequest,
  ): Promise<T> {
    try {
      return await this.#pool.run(
        (endpoint, round) => attempt(endpoint, this.#patience.for(endpoint, round)),
        signal,
        turn,
      );
    } catch (error) {
      throw this.#outward(error);
    }
  }

  #open(
    request: HttpRequest,
    signal: AbortSignal | undefined,
    check: (answer: HttpAnswer, endpoint: Endpoint) => void = () => {},
  ): Promise<{ endpoint: Endpoint; answer: HttpAnswer }> {
    return this.#run(
      async (endpoint, idleMs) => {
        const answer = await this.#ask(endpoint, request, idleMs, signal);
        check(answer, endpoint);
        return { endpoint, answer };
      },
      signal,
      request,
    );
  }

  async #ask(
    endpoint: Endpoint,
    request: HttpRequest,
    idleMs: number,
    signal?: AbortSignal,
  ): Promise<HttpAnswer> {
    const { credentials } = this;
    const options = { credentials, idleMs, signal };
    const measured = this.#patience.measure(endpoint);
    let answer = await this.#transport.send(endpoint, request, options);
    measured();
    if (answer.status === 401 && credentials.renew()) {
      answer.cancel();
      answer = await this.#transport.send(endpoint, request, options);
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    // A body that cannot be read is no reason to forget the status.
    const body = await this.#whole(answer, maxErrorBytes, { endpoint, idleMs, signal }).catch(
      () => new Uint8Array(),
    );
    throw refusal(answer, textOf(body), {
      endpoint,
      credentials,
      asked: asked(request),
      now: this.clock.now(),
      interpret: this.#options.interpret,
      busyPauseMs: this.#options.busyPauseMs,
    });
  }

  async #whole(
    answer: HttpAnswer,
    maxBytes: number,
    { endpoint, idleMs, signal }: { endpoint: Endpoint; idleMs: number; signal?: AbortSignal | undefined },
  ): Promise<Uint8Array> {
    const { label } = endpoint;
    const slow = () =>
      answer.cancel(
        new HttpError('timeout', `${label}: expected an answer within ${idleMs / 500} s`, {
          endpoint: label,
        }),
      );
    // A body that comes byte by byte is never silent.
    const timer = setTimeout(slow, 2 * idleMs);
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

  async *#values<T>(
    endpoint: Endpoint,
    answer: HttpAnswer,
    request: HttpRequest,
    expected: ExpectedLines<T>,
  ): AsyncGenerator<T> {
    const { maxLineBytes = 1 << 20 } = this.#options;
    const lines = answer.status === 204 ? [] : readLines(answer.body, maxLineBytes, endpoint.label);
    let previous: string | undefined;
    for await (const line of lines) {
      if (previous !== undefined)
        yield this.#expected(this.#parse(previous, endpoint, request), expected, endpoint, request);
      previous = line.trim() === '' ? undefined : line;
    }
    if (previous !== undefined)
      yield this.#expected(this.#last(previous, endpoint, request), expected, endpoint, request);
    this.#expectWhole(answer, endpoint, request);
    const lack = expected.lacks?.();
    if (lack !== undefined) throw odd(endpoint, request, expected.what, lack, 'truncated');
  }

  #expected<T>(value: unknown, { what, read }: Expected<T>, endpoint: Endpoint, request: HttpRequest): T {
    const found = read(value);
    if (found !== undefined) return found;
    const text = value === undefined ? 'nothing' : JSON.stringify(value);
    throw odd(endpoint, request, what, shortened(plain(this.credentials.redact(text)), 60));
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

/** The error for an answer that another service could give. */
function odd(
  { label }: Endpoint,
  request: HttpRequest,
  what: string,
  got: string,
  code: 'bad-response' | 'truncated' = 'bad-response',
): HttpError {
  const message = `${label}: ${asked(request)} expected ${what}, got ${got}: is this the address of the API?`;
  return new HttpError(code, message, { endpoint: label });
}

function cut({ label }: Endpoint, what: string, cause?: unknown): HttpError {
  return new HttpError('truncated', `${label}: ${what}`, { endpoint: label, cause });
}

function asked({ method, path }: HttpRequest): string {
  return `${method} ${path}`;
}
