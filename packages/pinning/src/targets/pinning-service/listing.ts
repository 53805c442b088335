import { PinningError } from '../../target/pinning-error.ts';
import type { CallOptions } from '../../target/target.ts';
import type { TargetClient } from '../target-client.ts';
import { namedByCid, type PinPage, type PinStatus, pageFrom } from './wire.ts';

// Left out, a service shows what is pinned alone; and it takes at most 10 CIDs, and shows at most 1,000 pins.
const everyStatus = 'queued,pinning,pinned,failed';
const cidsPerRequest = 10;
export const largestPage = 1_000;
/** So many are made without asking what is cheaper. */
const fewRequests = 3;
/** How often a list that changes while it is read is read. */
const mostReadings = 8;

export interface ListOptions extends CallOptions {
  readonly pageSize: number;
}

/**
 * The requests for these CIDs, of any status, and of others where all are told in fewer requests: services allow so many a minute.
 */
export async function* listSome(
  api: TargetClient,
  cids: readonly string[],
  options: ListOptions,
): AsyncGenerator<PinStatus> {
  if (cids.length > fewRequests * cidsPerRequest) {
    const { count } = await ask(api, {}, 1, options);
    if (Math.ceil(count / options.pageSize) < Math.ceil(cids.length / cidsPerRequest)) {
      yield* listAll(api, options);
      return;
    }
  }
  for (let start = 0; start < cids.length; start += cidsPerRequest) {
    const batch = cids.slice(start, start + cidsPerRequest);
    yield* listAll(api, options, { cid: batch.join(',') });
  }
}

/**
 * Every pin once. What is listed is held against what was counted: pins that come and go meanwhile, or a
 * service that does not sort and whose page looked sorted by chance, make a reading pass some over.
 */
export async function* listAll(
  api: TargetClient,
  options: ListOptions,
  filter: Readonly<Record<string, string>> = {},
): AsyncGenerator<PinStatus> {
  const told = new Set<string>();
  for (let reading = 1; reading <= mostReadings; reading += 1) {
    const listed = new Set<string>();
    let count: number | undefined;
    for await (const page of pagesOf(api, filter, options)) {
      count ??= page.count;
      for (const status of page.results) {
        listed.add(status.requestId);
        if (told.has(status.requestId)) continue;
        told.add(status.requestId);
        yield status;
      }
    }
    if (listed.size >= (count ?? 0)) return;
  }
  throw new PinningError(
    'truncated',
    `${api.label}: read ${mostReadings} times, its list each time had fewer pins than it counted`,
  );
}

/** Page by page, newest first, each page from the oldest of the one before. */
async function* pagesOf(
  api: TargetClient,
  filter: Readonly<Record<string, string>>,
  options: ListOptions,
): AsyncGenerator<PinPage> {
  let before: string | undefined;
  for (;;) {
    const page = await ask(api, { ...filter, ...(before && { before }) }, options.pageSize, options);
    if (page.count > page.results.length && !sorted(page.results)) {
      yield await allAtOnce(api, filter, page.count, options);
      return;
    }
    yield page;
    if (page.count <= page.results.length) return;
    const last = page.results.at(-1);
    if (last === undefined) {
      throw new PinningError(
        'truncated',
        `${api.label}: GET /pins counted ${page.count} pins and listed none`,
      );
    }
    const next = justAfter(last.created);
    if (next === before) {
      throw new PinningError(
        'unsupported',
        `${api.label}: more than ${page.results.length} pins are of the same time (${before}): it cannot be paged past them`,
      );
    }
    before = next;
  }
}

/** A service that does not sort cannot be paged: a page would be any of the pins. It is asked for all at once. */
async function allAtOnce(
  api: TargetClient,
  filter: Readonly<Record<string, string>>,
  count: number,
  options: ListOptions,
): Promise<PinPage> {
  // More may have come since they were counted: it is asked again for as long as that is why some are missing.
  let limit = count + options.pageSize;
  let page = await ask(api, filter, limit, options);
  for (let again = 1; again < mostReadings && page.count > limit; again += 1) {
    limit = page.count + options.pageSize;
    page = await ask(api, filter, limit, options);
  }
  if (page.count > page.results.length) {
    throw new PinningError(
      'truncated',
      `${api.label}: expected all ${page.count} pins in one page of a service that does not sort, got ${page.results.length}`,
    );
  }
  return page;
}

async function ask(
  api: TargetClient,
  filter: Readonly<Record<string, string>>,
  limit: number,
  { signal }: CallOptions,
): Promise<PinPage> {
  const query = new URLSearchParams({ status: everyStatus, limit: String(limit), ...filter });
  const page = pageFrom(await api.json({ method: 'GET', path: '/pins', query }, signal));
  if (!page) {
    throw new PinningError(
      'bad-response',
      `${api.label}: GET /pins expected a count, and results that each have a requestid and a pin with a cid, got others`,
    );
  }
  return page;
}

/**
 * Newest first, as the API says. IPFS Cluster lists in no order, and pins of one second, which is as fine as
 * it tells time, look sorted; it shows in its requests, which go by the CID.
 */
function sorted(results: readonly PinStatus[]): boolean {
  return results.every((status, index) => {
    const [previous, own] = [results[index - 1], Date.parse(status.created)];
    const inOrder = previous === undefined || Date.parse(previous.created) >= own;
    return inOrder && !Number.isNaN(own) && !namedByCid(status);
  });
}

/** `before` leaves out what is of exactly that time, so a time just after it is asked for. */
function justAfter(created: string): string {
  return new Date(Date.parse(created) + 1).toISOString();
}
