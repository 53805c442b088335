import { type Auth, Credentials, Endpoint, type HttpAnswer } from '@holdfast/http';
import { nodeTransport } from '@holdfast/http/node';

const mostMs = 60_000;
/** The configuration of a node is the largest thing that is read. */
const mostBytes = 1 << 20;

export interface Look {
  readonly status: number;
  readonly body: string;
  /** What the clock there is ahead of ours, if it says its time and it is far off. */
  readonly aheadMs?: number;
}

export interface LookOptions {
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none, as a stranger asks. */
  readonly auth?: Auth | undefined;
}

/** One request, its head and the start of its body. Fails as the transport does. */
export async function look(url: string, path: string, options: LookOptions): Promise<Look> {
  const { signal, clock, method = 'GET', headers, auth } = options;
  const transport = nodeTransport();
  try {
    const [name = '', query] = path.split('?');
    const request = { method, path: name, headers, query: new URLSearchParams(query) };
    const how = { credentials: new Credentials(auth), idleMs: 10_000, signal };
    const answer = await transport.send(Endpoint.parse(url), request, how);
    const body = await start(answer);
    const there = Date.parse(answer.header('date') ?? '');
    const aheadMs = there - clock().getTime();
    return { status: answer.status, body, ...(Math.abs(aheadMs) > mostMs && { aheadMs }) };
  } finally {
    transport.close?.();
  }
}

/** In words, for example `3 minutes ahead`. */
export function aheadText(aheadMs: number): string {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  return `${minutes === 1 ? 'a minute' : `${minutes} minutes`} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}

async function start(answer: HttpAnswer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
