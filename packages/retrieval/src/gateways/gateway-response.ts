import type { GatewayRequest } from './gateway.ts';
import { GatewayFault } from './gateway-fault.ts';

export type Fetch = typeof globalThis.fetch;

const maxRedirects = 3;

/** Sends a request and gives the body of a good answer. */
export async function openBody(
  request: GatewayRequest,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  let { url, headers } = request;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await send(url, { ...request, headers }, fetch, signal);
    if (response.status < 300 || response.status >= 400) return goodBody(response);
    await response.body?.cancel();
    const next = redirectTarget(request.url, url, response.headers.get('location'));
    // A secret goes to the origin it was meant for and to no other.
    if (next.origin !== request.url.origin) {
      const { authorization: _, ...open } = headers;
      headers = open;
    }
    url = next;
  }
  throw new GatewayFault('final', `redirected more than ${maxRedirects} times`);
}

async function send(
  url: URL,
  { method, headers }: GatewayRequest,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, { method, headers, signal, redirect: 'manual' });
  } catch (cause) {
    throw networkFault(cause);
  }
}

export function networkFault(cause: unknown): GatewayFault {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') {
    return new GatewayFault('passing', 'no answer in time', { cause });
  }
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return new GatewayFault('passing', inner instanceof Error ? inner.message : String(inner), { cause });
}

/**
 * Public gateways redirect to a sub-domain of their own for each CID. Anywhere else, an answer could make this
 * machine call whatever only it can reach.
 */
function redirectTarget(origin: URL, from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from))
    throw new GatewayFault('final', 'redirected without an address');
  const to = new URL(location, from);
  const sameScheme = to.protocol === from.protocol || (from.protocol === 'http:' && to.protocol === 'https:');
  const sameHost = to.host === origin.host || to.host.endsWith(`.${origin.host}`);
  const upgraded =
    to.protocol === 'https:' &&
    from.protocol === 'http:' &&
    to.hostname === origin.hostname &&
    to.port === '';
  if (!sameScheme || !(sameHost || upgraded))
    throw new GatewayFault('final', `redirected to another place, ${to.host}`);
  return to;
}

function goodBody(response: Response): ReadableStream<Uint8Array> {
  const { status, body } = response;
  const type = response.headers.get('content-type') ?? '';
  const fault = statusFault(status, response.headers.get('retry-after')) ?? typeFault(type);
  if (fault === undefined && body !== null) return body;
  void body?.cancel();
  throw fault ?? new GatewayFault('final', `answered ${status} without a body`);
}

function statusFault(status: number, retryAfter: string | null): GatewayFault | undefined {
  if (status === 200) return undefined;
  const message = `answered ${status}`;
  if (status === 404 || status === 410) return new GatewayFault('absent', message);
  if (status !== 408 && status !== 425 && status !== 429 && status < 500)
    return new GatewayFault('final', message);
  const seconds = retryAfter !== null && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return new GatewayFault('passing', message, seconds === undefined ? {} : { retryAfterMs: seconds * 1000 });
}

function typeFault(type: string): GatewayFault | undefined {
  if (!/^text\/html\b/i.test(type)) return undefined;
  return new GatewayFault('final', 'answered with a web page: it is not a trustless gateway');
}

/** Reads a body whole, and stops at the first byte too many. */
export async function readLimited(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      length += part.length;
      if (length > limit) throw new GatewayFault('final', `sent more than ${limit} bytes for one block`);
      parts.push(part);
    }
  } catch (cause) {
    throw cause instanceof GatewayFault ? cause : networkFault(cause);
  }
  return Buffer.concat(parts);
}
