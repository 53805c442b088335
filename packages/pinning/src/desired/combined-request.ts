import type { Claim } from '../target/claim-metadata.ts';
import type { Copies, PinRequest } from './request.ts';
import { assertCopies } from './tier.ts';

/** All that one owner wants of one CID, its requests taken together. */
export interface CombinedRequest {
  readonly cid: string;
  readonly name: string;
  readonly claims: readonly Claim[];
  readonly spread: Copies['spread'];
  readonly origins: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly totalSize?: number | undefined;
}

/** One request a CID, in the order of the requests. Throws on requests that a caller should never have made. */
export function combineRequests(
  requests: readonly PinRequest[],
  owner: string,
): Map<string, CombinedRequest> {
  assertOwner(owner);
  if (!Array.isArray(requests))
    throw new TypeError('requests expected a list of pin requests, got something else');
  const byCid = new Map<string, PinRequest[]>();
  for (const request of requests) {
    if (request.owner !== owner) {
      throw new TypeError(`request ${request.id}: owner expected "${owner}", got "${request.owner}"`);
    }
    assertCopies(request.copies, `request ${request.id}`);
    if (request.expires !== undefined && Number.isNaN(Date.parse(request.expires))) {
      throw new TypeError(
        `request ${request.id}: expires expected an RFC 3339 time, got "${request.expires}"`,
      );
    }
    const same = byCid.get(request.cid);
    if (same === undefined) byCid.set(request.cid, [request]);
    else same.push(request);
  }
  return new Map([...byCid].map(([cid, same]) => [cid, together(cid, same)]));
}

function together(cid: string, requests: readonly PinRequest[]): CombinedRequest {
  const sorted = [...requests].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const twice = sorted.find((request, index) => sorted[index + 1]?.id === request.id);
  if (twice !== undefined) throw new TypeError(`request ${twice.id}: asked for twice`);
  const sizes = sorted.flatMap((request) => (request.totalSize === undefined ? [] : [request.totalSize]));
  return {
    cid,
    name: sorted[0]?.name ?? '',
    claims: sorted.map(claim),
    spread: sorted.some(({ copies }) => copies.regions > 1 && copies.spread === 'always')
      ? 'always'
      : 'where-tagged',
    origins: [...new Set(sorted.flatMap((request) => request.origins ?? []))],
    metadata: Object.assign({}, ...sorted.map((request) => request.metadata)),
    ...(sizes.length > 0 && { totalSize: Math.max(...sizes) }),
  };
}

function claim({ owner, id, copies, expires, phase }: PinRequest): Claim {
  const { min, max, regions } = copies;
  const more = { ...(expires !== undefined && { expires }), ...(phase !== undefined && { phase }) };
  return { owner, id, min, max, regions, ...more };
}

function assertOwner(owner: string): void {
  if (typeof owner !== 'string' || owner === '' || /\s/.test(owner)) {
    throw new TypeError(
      `owner expected a name without spaces, such as "github.com/owner/repo", got ${JSON.stringify(owner)}`,
    );
  }
}
