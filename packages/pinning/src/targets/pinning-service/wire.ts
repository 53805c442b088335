import { integer, labels, list, object, text, texts } from '@holdfast/http';
import type { ExistingPin, PeerState } from '../../target/pin-state.ts';
import type { WantedPin } from '../../target/target.ts';

/** A pin object and its state (Pinning Service API, PinStatus). */
export interface PinStatus {
  readonly requestId: string;
  readonly cid: string;
  readonly status: string;
  readonly created: string;
  readonly name: string;
  readonly origins: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly delegates: readonly string[];
  readonly details?: string;
}

export interface PinPage {
  /** How many match in all, this page or not. */
  readonly count: number;
  readonly results: readonly PinStatus[];
}

// The API has no fields for these; `meta` comes back as it was sent.
const terms = { min: 'holdfast-min', max: 'holdfast-max', expires: 'holdfast-expires' } as const;
const termKeys: ReadonlySet<string> = new Set(Object.values(terms));

export function statusFrom(value: unknown): PinStatus | undefined {
  const status = object(value);
  const pin = object(status?.pin);
  const requestId = text(status?.requestid);
  const cid = text(pin?.cid);
  if (!status || !pin || requestId === undefined || cid === undefined) return undefined;
  const details = text(object(status.info)?.status_details);
  return {
    requestId,
    cid,
    status: text(status.status) ?? 'undefined',
    created: text(status.created) ?? '',
    name: text(pin.name) ?? '',
    origins: texts(pin.origins),
    meta: labels(pin.meta),
    delegates: texts(status.delegates),
    ...(details === undefined ? {} : { details }),
  };
}

/** IPFS Cluster names a request by its CID, so that there is one for each. */
export function namedByCid({ requestId, cid }: PinStatus): boolean {
  return requestId === cid;
}

export function pageFrom(value: unknown): PinPage | undefined {
  const page = object(value);
  const count = integer(page?.count);
  if (!page || count === undefined || !Array.isArray(page.results)) return undefined;
  const results = list(page.results).map(statusFrom);
  return results.every((result) => result !== undefined) ? { count, results } : undefined;
}

export function pinBody(cid: string, pin: WantedPin): string {
  const { name, origins, metadata, min, max, expires } = pin;
  const meta = {
    ...metadata,
    [terms.min]: String(min),
    [terms.max]: String(max),
    ...(expires === undefined ? {} : { [terms.expires]: expires }),
  };
  return JSON.stringify({ cid, name, ...(origins.length > 0 && { origins }), meta });
}

export function existingPin({ name, origins, meta }: PinStatus): ExistingPin {
  const expires = meta[terms.expires];
  return {
    name,
    // A pin that somebody else made is the one copy that a service is.
    min: copiesIn(meta[terms.min]),
    max: copiesIn(meta[terms.max]),
    ...(expires === undefined ? {} : { expires }),
    origins,
    metadata: Object.fromEntries(Object.entries(meta).filter(([key]) => !termKeys.has(key))),
    allocations: [],
  };
}

function copiesIn(text: string | undefined): number {
  return text !== undefined && /^(-1|\d{1,6})$/.test(text) ? Number(text) : 1;
}

export function peerState(status: string): PeerState {
  if (status === 'queued' || status === 'pinning' || status === 'pinned') return status;
  return 'error';
}
