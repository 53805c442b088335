import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';

/** Bytes, or what opens a stream that is sent as it comes; opened anew for each attempt. */
export type RequestBody = string | Uint8Array | (() => AsyncIterable<Uint8Array>);

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the endpoint's base path. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Bytes `first` to `last` of the resource, both included; without `last` to its end. Answered 206, or 200 with all of it. */
  readonly range?: { readonly first: number; readonly last?: number | undefined } | undefined;
  readonly body?: RequestBody | undefined;
  /** The answer is a secret that the caller is to have: nothing is redacted in it. */
  readonly answersSecret?: boolean | undefined;
  /** Which of the endpoints comes first, counted from the one that answered last. Default: 0. */
  readonly turn?: number | undefined;
  /** In place of the limit for all requests. */
  readonly idleMs?: number | undefined;
}

/** The head of an answer, its body unread. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** Read once, to its end. Leaving it early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** After the body. Only node:http sees trailers. */
  trailer(name: string): string | undefined;
  /** Ends the answer; whoever reads its body gets `reason`. */
  cancel(reason?: Error): void;
}

export interface SendOptions {
  /** Sent to the endpoint and to nobody else; no message shows them. */
  readonly credentials: Credentials;
  /** The longest silence, from connecting to the last byte. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request to one endpoint. A failure is an `HttpError`; an answer is an answer, whatever its status. */
export interface Transport {
  send(endpoint: Endpoint, request: HttpRequest, options: SendOptions): Promise<HttpAnswer>;
  /** Closes connections kept for later. */
  close?(): void;
}

/** The headers of a request: what it says itself wins, but for the credentials. */
export async function headersOf(
  request: HttpRequest,
  credentials: Credentials,
): Promise<Record<string, string>> {
  const { range, headers } = request;
  const authorization = await credentials.header();
  return {
    accept: 'application/json',
    ...(range && { range: `bytes=${range.first}-${range.last ?? ''}` }),
    ...headers,
    ...(authorization !== undefined && { authorization }),
  };
}
