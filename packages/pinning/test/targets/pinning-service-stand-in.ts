import type { IncomingMessage, ServerResponse } from 'node:http';
import { CID } from 'multiformats/cid';
import { bodyOf, HttpServer, sendJson } from '../../../http/test/http-server.ts';

interface StandInPin {
  readonly requestid: string;
  readonly created: string;
  status: string;
  looks: number;
  readonly pin: { cid: string; name?: string; origins?: string[]; meta?: Record<string, string> };
}

class Refused extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, details: string) {
    super(details);
    this.status = status;
    this.reason = reason;
  }
}

const delegates = ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWFsXSXRosyLEnJ9UG4rNZpdhN1p1rEAaGFTSYvRS95v2b'];

/** What the documentation of a service says beyond the API. */
export interface ServiceRules {
  /** Of its endpoint. */
  readonly path: string;
  readonly token: string;
  /** Requests in `windowMs`, and of those the most that list. */
  readonly requests: number;
  readonly listings: number;
  readonly windowMs: number;
}

/** A JSON Web Token, 180 requests a minute, of which 30 list; 429 does not say for how long. */
export const pinataRules: ServiceRules = {
  path: '/psa',
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6InBpbiJ9.c2lnbmF0dXJl',
  requests: 180,
  listings: 30,
  windowMs: 60_000,
};

/** A token for each bucket, 100 requests a second. */
export const filebaseRules: ServiceRules = {
  path: '/v1/ipfs',
  token: 'QUtJQTpzZWNyZXQ6YnVja2V0',
  requests: 100,
  listings: 100,
  windowMs: 1_000,
};

/** The IPFS Pinning Service API 1.0.0 to the letter, where services in the wild are lax. */
export class PinningServiceStandIn {
  readonly rules: ServiceRules;
  /** Of the times of requests, by whether they list. */
  readonly #times: { readonly at: number; readonly lists: boolean }[] = [];
  /** How often it said that there were too many. */
  busy = 0;
  readonly pins: StandInPin[] = [];
  readonly present = new Set<string>();
  /** The largest page; the API says 1,000. */
  maxLimit = 1_000;
  now = () => new Date().toISOString();
  #server: HttpServer | undefined;
  #count = 0;

  constructor(rules: ServiceRules) {
    this.rules = rules;
  }

  get token(): string {
    return this.rules.token;
  }

  static async open(changes: Partial<ServiceRules> = {}): Promise<PinningServiceStandIn> {
    const free = { path: '/psa', token: 'token-of-the-stand-in', windowMs: 1 };
    const many = Number.POSITIVE_INFINITY;
    const standIn = new PinningServiceStandIn({ requests: many, listings: many, ...free, ...changes });
    standIn.#server = await HttpServer.open((request, response) => standIn.#answer(request, response));
    return standIn;
  }

  get url(): string {
    return `${this.#server?.url}${this.rules.path}`;
  }

  get requests(): HttpServer['requests'] {
    return this.#server?.requests ?? [];
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '', this.url);
      const base = `${this.rules.path}/pins`;
      if (!url.pathname.startsWith(base)) throw new Refused(404, 'NOT_FOUND', 'no such path');
      if (request.headers.authorization !== `Bearer ${this.token}`) {
        throw new Refused(401, 'UNAUTHORIZED', 'Access token is missing or invalid');
      }
      const id = url.pathname.slice(`${base}/`.length);
      const { method } = request;
      this.#meter(method === 'GET' && id === '');
      if (method === 'GET' && id === '') sendJson(response, this.#list(url.searchParams));
      else if (method === 'GET') sendJson(response, this.#look(this.#find(id)));
      else if (method === 'POST') sendJson(response, await this.#add(request, id), 202);
      else if (method === 'DELETE') {
        this.pins.splice(this.pins.indexOf(this.#find(id)), 1);
        response.writeHead(202).end();
      } else throw new Refused(405, 'METHOD_NOT_ALLOWED', `${method}`);
    } catch (error) {
      const { status, reason, message } =
        error instanceof Refused ? error : new Refused(500, 'INTERNAL_SERVER_ERROR', String(error));
      sendJson(response, { error: { reason, details: message } }, status);
    }
  }

  #meter(lists: boolean): void {
    const at = Date.now();
    const { requests, listings, windowMs } = this.rules;
    const recent = this.#times.filter((time) => at - time.at < windowMs);
    this.#times.splice(0, this.#times.length, ...recent);
    if (recent.length >= requests || (lists && recent.filter((time) => time.lists).length >= listings)) {
      this.busy += 1;
      throw new Refused(429, 'RATE_LIMITED', 'too many requests');
    }
    this.#times.push({ at, lists });
  }

  async #add(request: IncomingMessage, replaced: string): Promise<object> {
    if (!request.headers['content-type']?.startsWith('application/json')) {
      throw new Refused(400, 'BAD_REQUEST', 'content-type expected application/json');
    }
    const old = replaced === '' ? undefined : this.#find(replaced);
    const pin = JSON.parse(await bodyOf(request)) as StandInPin['pin'];
    const unknown = Object.keys(pin).filter((key) => !['cid', 'name', 'origins', 'meta'].includes(key));
    if (unknown.length > 0) throw new Refused(400, 'BAD_REQUEST', `unknown ${unknown}`);
    CID.parse(pin.cid);
    if ((pin.name ?? '').length > 255) throw new Refused(400, 'BAD_REQUEST', 'name too long');
    if (pin.origins?.length === 0 || (pin.origins?.length ?? 0) > 20) {
      throw new Refused(400, 'BAD_REQUEST', 'origins expected 1 to 20');
    }
    if (Object.values(pin.meta ?? {}).some((value) => typeof value !== 'string')) {
      throw new Refused(400, 'BAD_REQUEST', 'meta expected strings');
    }
    if (old) this.pins.splice(this.pins.indexOf(old), 1);
    this.#count += 1;
    const added = {
      requestid: `request-${this.#count}`,
      created: this.now(),
      status: 'queued',
      looks: 0,
      pin,
    };
    this.pins.unshift(added);
    return this.#look(added);
  }

  #list(query: URLSearchParams): object {
    const cids = query.get('cid')?.split(',');
    if (cids && cids.length > 10) throw new Refused(400, 'BAD_REQUEST', 'cid expected at most 10');
    const limit = Number(query.get('limit') ?? 10);
    if (!(limit >= 1 && limit <= this.maxLimit)) {
      throw new Refused(400, 'BAD_REQUEST', `limit expected 1 to ${this.maxLimit}, got ${limit}`);
    }
    const statuses = (query.get('status') ?? 'pinned').split(',');
    const before = query.get('before');
    const matching = this.pins
      .filter((it) => !cids || cids.includes(it.pin.cid))
      .filter((it) => before === null || Date.parse(it.created) < Date.parse(before))
      .map((it) => ({ it, shown: this.#look(it) }))
      .filter(({ it }) => statuses.includes(it.status))
      .sort((a, b) => Date.parse(b.it.created) - Date.parse(a.it.created));
    return { count: matching.length, results: matching.slice(0, limit).map(({ shown }) => shown) };
  }

  #find(id: string): StandInPin {
    const found = this.pins.find((it) => it.requestid === decodeURIComponent(id));
    if (!found) throw new Refused(404, 'NOT_FOUND', 'The specified resource was not found');
    return found;
  }

  /** Each look is a step further: queued, pinning, pinned. */
  #look(it: StandInPin): object {
    it.looks += 1;
    if (it.status !== 'failed') {
      it.status =
        it.looks < 2 ? 'queued' : it.looks < 3 || !this.present.has(it.pin.cid) ? 'pinning' : 'pinned';
    }
    const { requestid, created, status, pin } = it;
    const info = status === 'failed' ? { info: { status_details: 'no provider found' } } : {};
    return { requestid, created, status, pin, delegates, ...info };
  }
}
