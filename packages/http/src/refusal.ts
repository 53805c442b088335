import { expectsTls } from './address-mistake.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { HttpError, type HttpErrorCode } from './http-error.ts';
import { retryAfterMs } from './retry-after.ts';
import { plain, serverMessage, shortened } from './server-message.ts';
import type { HttpAnswer } from './transport.ts';

/** What an API means by a status and its own words, where HTTP's own meaning is too coarse. */
export type Interpretation<Code extends string = HttpErrorCode> = (
  status: number,
  message: string,
) => Code | undefined;

export interface RefusalContext<Code extends string> {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** For the message: what was asked, for example `POST /pins/bafy…`. */
  readonly asked: string;
  readonly now: number;
  readonly interpret?: Interpretation<Code> | undefined;
  readonly busyPauseMs?: number | undefined;
}

/** The error for an answer that is not a success. */
export function refusal<Code extends string>(
  answer: HttpAnswer,
  body: string,
  context: RefusalContext<Code>,
): HttpError<Code | HttpErrorCode> {
  const { endpoint, credentials, asked, now, interpret, busyPauseMs } = context;
  const { status } = answer;
  const said = shortened(credentials.redact(serverMessage(body)));
  const tls = status === 400 ? expectsTls(endpoint.label, said) : undefined;
  if (tls !== undefined)
    return new HttpError('wrong-address', `${endpoint.label}: ${tls}`, { endpoint: endpoint.label, status });
  const code = interpret?.(status, said) ?? meaning(status);
  const after = retryAfterMs(answer.header('retry-after'), now);
  const pause = after === undefined ? '' : `; it asks for a pause of ${Math.ceil(after / 1_000)} s`;
  const message = `${endpoint.label}: ${asked} was answered ${status}${explanation(answer, said, context)}${pause}`;
  return new HttpError(code, message, {
    endpoint: endpoint.label,
    status,
    retryAfterMs: after ?? (status === 429 ? busyPauseMs : undefined),
  });
}

function meaning(status: number): HttpErrorCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 501) return 'unsupported';
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid' : 'bad-response';
}

function explanation(
  answer: HttpAnswer,
  said: string,
  { credentials }: { credentials: Credentials },
): string {
  const { status } = answer;
  const words = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    const tried = credentials.kind === 'none' ? 'no credentials' : `${credentials.kind} credentials`;
    const realm = /realm="([^"]*)"/i.exec(answer.header('www-authenticate') ?? '')?.[1];
    return ` to ${tried}${realm ? ` (realm "${shortened(credentials.redact(plain(realm)), 100)}")` : ''}${words}`;
  }
  if (status >= 300 && status < 400) {
    const to = redirectOrigin(answer.header('location'));
    return `, a redirect${to}; redirects are not followed: set the endpoint to the final address`;
  }
  if (status === 431 || status === 414) return `: the request is longer than the server takes${words}`;
  return words;
}

/** Only the origin: the rest of a location may repeat what was sent. */
function redirectOrigin(location: string | undefined): string {
  return location && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
}
