import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Refusal } from './answer.ts';
import type { GitHubFault } from './fault.ts';
import { page } from './page.ts';

export async function fail(response: ServerResponse, fault: GitHubFault): Promise<void> {
  if (fault.delayMs) await sleep(fault.delayMs);
  if (fault.reset) {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = JSON.stringify(fault.body ?? { message: 'Server Error' });
  const status = fault.status ?? 500;
  if (!fault.cut) {
    send(response, status, fault.body ?? { message: 'Server Error' }, fault.headers);
    return;
  }
  response.writeHead(status, { ...fault.headers, 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.socket?.destroySoon());
}

export function sendPage(response: ServerResponse, answer: Answer, url: URL): void {
  const { items, link } = page(answer.list ?? [], url);
  send(response, answer.status, items, link ? { link } : {});
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 3_600),
    'x-github-request-id': 'STAND:IN',
    ...headers,
  });
  if (body === undefined) response.end();
  else response.end(body instanceof Uint8Array ? body : JSON.stringify(body));
}

export function refusalBody({ message, errors, status }: Refusal): object {
  return {
    message,
    ...(errors ? { errors } : {}),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  };
}
