import {
  type Clock,
  fetchTransport,
  HttpClient,
  HttpError,
  systemClock,
  type Transport,
} from '@holdfast/http';
import { RetrievalError } from '../error.ts';
import type { NameNode } from '../names/nodes/name-node.ts';
import { type Provider, providersIn } from './provider.ts';

export interface FindProvidersOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long each router has. Default: 15 s; a search in the DHT takes seconds. */
  readonly deadlineMs?: number | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

/** What the routers know of a CID. */
export interface FoundProviders {
  readonly providers: readonly Provider[];
  /** Routers that could not be asked, with the reason. Where all are here, nothing is known. */
  readonly faults: readonly { readonly router: string; readonly fault: string }[];
}

const maxBytes = 4 << 20;

/**
 * Who is said to have a CID: what an ordinary reader finds. Routers answer `/routing/v1/providers`
 * (https://specs.ipfs.tech/routing/http-routing-v1/): delegated routers, indexers, and Kubo gateways with `Gateway.ExposeRoutingAPI`.
 */
export async function findProviders(
  cid: string,
  routers: readonly Pick<NameNode, 'url' | 'auth'>[],
  options: FindProvidersOptions = {},
): Promise<FoundProviders> {
  if (routers.length === 0)
    throw new RetrievalError('source-invalid', '"routers" expected at least one router, got none');
  const clock = options.clock ?? systemClock;
  const transport = options.transport ?? fetchTransport({ redirects: 'same-site' });
  const found = new Map<string, Set<string>>();
  const faults: { router: string; fault: string }[] = [];
  const stop = new AbortController();
  const signals = options.signal === undefined ? [stop.signal] : [stop.signal, options.signal];
  const signal = AbortSignal.any(signals);
  const deadlineMs = options.deadlineMs ?? 15_000;
  const over = clock.sleep(deadlineMs, signal).then(() => 'over' as const);
  over.catch(() => undefined);
  try {
    await Promise.all(
      routers.map(async (router) => {
        const ask = askRouter(cid, router, transport, signal);
        ask.catch(() => undefined);
        const label = labelOf(router.url);
        const answer = await Promise.race([ask, over]).catch((error: unknown) => error as Error);
        if (answer === 'over')
          faults.push({ router: label, fault: `gave no answer within ${deadlineMs} ms` });
        else if (answer instanceof Error) {
          options.signal?.throwIfAborted();
          faults.push({ router: label, fault: saidBy(label, answer) });
        } else
          for (const { id, addresses } of answer)
            found.set(id, new Set([...(found.get(id) ?? []), ...addresses]));
      }),
    );
  } finally {
    stop.abort();
  }
  const providers = [...found].map(([id, addresses]) => ({ id, addresses: [...addresses].sort() }));
  return { providers: providers.sort((a, b) => (a.id < b.id ? -1 : 1)), faults };
}

async function askRouter(
  cid: string,
  { url, auth }: Pick<NameNode, 'url' | 'auth'>,
  transport: Transport,
  signal: AbortSignal,
): Promise<readonly Provider[]> {
  const client = new HttpClient({
    endpoints: [url],
    auth,
    transport,
    backOff: { attempts: 1, firstMs: 0, longestMs: 0 },
  });
  const headers = { accept: 'application/x-ndjson, application/json' };
  const request = { method: 'GET', path: `/routing/v1/providers/${cid}`, headers } as const;
  try {
    const answer = await client.stream(request, { signal, maxBytes });
    const type = answer.header('content-type') ?? '';
    if (!/json/.test(type)) {
      answer.cancel();
      throw new RetrievalError(
        'source-invalid',
        `answered with ${type || 'no type'}, expected JSON: is it a router?`,
      );
    }
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of answer.body) text += decoder.decode(part, { stream: true });
    return providersIn(text, /ndjson/.test(type));
  } catch (error) {
    // A router that does not know anybody says so with 404.
    if (error instanceof HttpError && error.code === 'not-found') return [];
    throw error;
  }
}

function labelOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function saidBy(label: string, { message }: Error): string {
  return message.startsWith(`${label}: `) ? message.slice(label.length + 2) : message;
}
