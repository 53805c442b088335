import type { IncomingMessage } from 'node:http';
import { PinningError, type PinningErrorCode } from '../pinning-error.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { retryAfterMs } from './retry-after.ts';
import { plain, serverMessage, shortened } from './server-message.ts';

/** What an API means by a status and its own words, where HTTP's own meaning is too coarse. */
export type Interpretation = (status: number, message: string) => PinningErrorCode | undefined;

export interface RefusalContext {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** For the message: what was asked, for example `POST /pins/bafy…`. */
  readonly asked: string;
  readonly now: number;
  readonly interpret?: Interpretation;
}

/** The error for an answer that is no success. */
export function refusal(answer: IncomingMessage, body: string, context: RefusalContext): PinningError {
  const { endpoint, credentials, asked, now, interpret } = context;
  const status = answer.statusCode ?? 0;
  const said = shortened(credentials.redact(serverMessage(body)));
  const code = interpret?.(status, said) ?? meaning(status);
  const after = retryAfterMs(answer.headers['retry-after'], now);
  const pause = after === undefined ? '' : `; it asks for a pause of ${Math.ceil(after / 1_000)} s`;
  const message = `${endpoint.label}: ${asked} was answered ${status}${explanation(answer, said, context)}${pause}`;
  return new PinningError(code, message, {
    endpoint: endpoint.label,
    status,
    ...(after === undefined ? {} : { retryAfterMs: after }),
  });
}

function meaning(status: number): PinningErrorCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 501) return 'unsupported';
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid' : 'bad-response';
}

function explanation(answer: IncomingMessage, said: string, { credentials }: RefusalContext): string {
  const status = answer.statusCode ?? 0;
  const words = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    const tried = credentials.kind === 'none' ? 'no credentials' : `${credentials.kind} credentials`;
    const realm = /realm="([^"]*)"/i.exec(answer.headers['www-authenticate'] ?? '')?.[1];
    return ` to ${tried}${realm ? ` (realm "${shortened(credentials.redact(plain(realm)), 100)}")` : ''}${words}`;
  }
  if (status >= 300 && status < 400) {
    const to = redirectOrigin(answer.headers.location);
    return `, a redirect${to}; redirects are not followed: set the endpoint to the final address`;
  }
  if (status === 431 || status === 414) return `: the request is longer than the server takes${words}`;
  return words;
}

/** Only the origin: the rest of a location may repeat what was sent. */
function redirectOrigin(location: string | undefined): string {
  return location && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
}
