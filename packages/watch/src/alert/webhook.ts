import { HttpClient, type HttpClientOptions } from '@holdfast/http';
import type { Alert } from './alert.ts';

/** `whsec_` and the key in base64, or the key's text itself. */
export function webhookKey(secret: string): Uint8Array<ArrayBuffer> {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  return encoded === undefined
    ? new TextEncoder().encode(secret)
    : Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
}

/** The headers of Standard Webhooks 1.0: the receiver can tell who sent it, and knows a message that comes twice. */
export async function webhookHeaders(
  { id }: Pick<Alert, 'id'>,
  body: string,
  secret: string,
  at: number,
): Promise<Record<string, string>> {
  const stamp = String(Math.floor(at / 1000));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', webhookKey(secret), algorithm, false, ['sign']);
  const signed = new TextEncoder().encode(`${id}.${stamp}.${body}`);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed));
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': stamp,
    'webhook-signature': `v1,${btoa(String.fromCharCode(...signature))}`,
  };
}

export interface Webhook {
  send(alert: Alert, signal?: AbortSignal): Promise<void>;
}

export interface WebhookOptions {
  readonly secret: string;
  readonly clock?: () => number;
  readonly client?: Partial<HttpClientOptions>;
}

/** A receiver of alerts. Passing faults are tried again, up to the signal's end; a refusal is not. */
export function webhook(url: string, { secret, clock = Date.now, client }: WebhookOptions): Webhook {
  const { origin, pathname, search, username } = new URL(url);
  const http = new HttpClient({ ...client, endpoints: [username === '' ? origin : url] });
  return {
    async send(alert, signal) {
      const body = JSON.stringify(alert);
      const headers = await webhookHeaders(alert, body, secret, clock());
      const query = new URLSearchParams(search);
      await http.bytes({ method: 'POST', path: pathname, query, headers, body }, { signal });
    },
  };
}
