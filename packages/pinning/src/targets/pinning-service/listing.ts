import type { Api } from '../../http/api.ts';
import { PinningError } from '../../pinning-error.ts';
import type { CallOptions } from '../../target.ts';
import { type PinPage, type PinStatus, pageFrom } from './wire.ts';

// Left out, a service shows what is pinned alone; and it takes at most 10 CIDs, and shows at most 1,000 pins.
const everyStatus = 'queued,pinning,pinned,failed';
const cidsPerRequest = 10;
export const largestPage = 1_000;
/** How often a list that grows faster than it is read is asked for again. */
const mostRecounts = 8;

export interface ListOptions extends CallOptions {
  readonly pageSize: number;
}

/** The requests for these CIDs, of any status. */
export async function* listSome(
  api: Api,
  cids: readonly string[],
  options: ListOptions,
): AsyncGenerator<PinStatus> {
  for (let start = 0; start < cids.length; start += cidsPerRequest) {
    const batch = cids.slice(start, start + cidsPerRequest);
    yield* listAll(api, options, { cid: batch.join(',') });
  }
}

/** Page by page, newest first, each page from the oldest of the one before. */
export async function* listAll(
  api: Api,
  options: ListOptions,
  filter: Readonly<Record<string, string>> = {},
): AsyncGenerator<PinStatus> {
  const seen = new Set<string>();
  let before: string | undefined;
  for (;;) {
    const page = await ask(api, { ...filter, ...(before && { before }) }, options.pageSize, options);
    const fresh = page.results.filter((status) => !seen.has(status.requestId));
    if (page.count > page.results.length && !newestFirst(page.results)) {
      yield* unsorted(api, filter, page.count, seen, options);
      return;
    }
    for (const status of fresh) seen.add(status.requestId);
    yield* fresh;
    if (page.count <= page.results.length) return;
    if (fresh.length === 0) {
      throw new PinningError(
        'unsupported',
        `${api.label}: more than ${page.results.length} pins are of the same time (${before}): it cannot be paged past them`,
      );
    }
    before = justAfter(page.results.at(-1)?.created ?? '');
  }
}

/** A service that does not sort cannot be paged: a page would be any of the pins. It is asked for all at once. */
async function* unsorted(
  api: Api,
  filter: Readonly<Record<string, string>>,
  count: number,
  seen: ReadonlySet<string>,
  options: ListOptions,
): AsyncGenerator<PinStatus> {
  // More may have come since they were counted: it is asked again for as long as that is why some are missing.
  let limit = count + options.pageSize;
  let page = await ask(api, filter, limit, options);
  for (let again = 0; again < mostRecounts && page.count > limit; again += 1) {
    limit = page.count + options.pageSize;
    page = await ask(api, filter, limit, options);
  }
  if (page.count > page.results.length) {
    throw new PinningError(
      'truncated',
      `${api.label}: expected all ${page.count} pins in one page of a service that does not sort, got ${page.results.length}`,
    );
  }
  yield* page.results.filter((status) => !seen.has(status.requestId));
}

async function ask(
  api: Api,
  filter: Readonly<Record<string, string>>,
  limit: number,
  { signal }: CallOptions,
): Promise<PinPage> {
  const query = new URLSearchParams({ status: everyStatus, limit: String(limit), ...filter });
  const page = pageFrom(await api.json({ method: 'GET', path: '/pins', query }, signal));
  if (!page) {
    throw new PinningError('bad-response', `${api.label}: GET /pins expected count and results, got others`);
  }
  return page;
}

function newestFirst(results: readonly PinStatus[]): boolean {
  return results.every((status, index) => {
    const [previous, own] = [results[index - 1], Date.parse(status.created)];
    return !Number.isNaN(own) && (previous === undefined || Date.parse(previous.created) >= own);
  });
}

/** `before` leaves out what is of exactly that time, so a time just after it is asked for. */
function justAfter(created: string): string {
  return new Date(Date.parse(created) + 1).toISOString();
}
