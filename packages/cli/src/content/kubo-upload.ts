import type { BlockPresence, CarPart } from '@holdfast/content';
import { type Auth, HttpClient, HttpError, type HttpErrorCode, multipartFile } from '@holdfast/http';
import { nodeTransport } from '@holdfast/http/node';
import { parsedJson } from '../frame/parsed-json.ts';

type KuboErrorCode = HttpErrorCode | 'refused';

/** A node reads every block below a root before it says that all of them are there. */
const longestMs = 3_600_000;
/** A request line of 4 KiB passes every proxy. */
const askedAtOnce = 64;
const askersAtOnce = 4;

/** What goes into a Kubo node over its RPC, and what is there already. */
export class KuboUpload implements BlockPresence, Disposable {
  readonly #client: HttpClient<KuboErrorCode>;
  /** Why the node cannot be asked; it takes content all the same. */
  #mute: string | undefined;

  constructor(url: string, auth: Auth | undefined) {
    this.#client = new HttpClient<KuboErrorCode>({
      endpoints: [url],
      auth,
      transport: nodeTransport(),
      // A node that is not busy but refuses does so again.
      interpret: (status) => ([401, 429, 503].includes(status) ? undefined : 'refused'),
    });
  }

  /** Why it was not asked what is there, if it could not be. */
  get mute(): string | undefined {
    return this.#mute;
  }

  /**
   * Asks `dag/stat`, which reads all blocks of a subtree and fails at the first that is not there. Where one of several
   * is not whole they are asked in smaller parts.
   */
  async whole(cids: readonly string[], signal?: AbortSignal): Promise<readonly boolean[]> {
    const found = new Array<boolean>(cids.length).fill(false);
    let next = 0;
    const asker = async (): Promise<void> => {
      while (next < cids.length && this.#mute === undefined) {
        const from = next;
        next += askedAtOnce;
        await this.#ask(cids, from, Math.min(cids.length, next), found, signal);
      }
    };
    await Promise.all(Array.from({ length: askersAtOnce }, asker));
    return this.#mute === undefined ? found : found.fill(false);
  }

  /** Imports a CAR, without a pin. */
  async send(part: CarPart, onProgress: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    const answer = await this.#client.bytes(
      {
        method: 'POST',
        path: 'api/v0/dag/import',
        query: new URLSearchParams({ 'pin-roots': 'false', stats: 'true' }),
        ...multipartFile({
          open: () => part.read(signal),
          name: 'content.car',
          type: 'application/vnd.ipld.car',
          onProgress,
        }),
        // The node answers once it has stored all of it.
        idleMs: 600_000,
      },
      { signal },
    );
    const stored = lines(answer).find(({ Stats }) => Stats)?.Stats?.BlockCount;
    if (stored !== part.blockCount)
      throw this.#fault(`stored ${stored ?? 'none'} of ${part.blockCount} blocks`);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  async #ask(
    cids: readonly string[],
    from: number,
    to: number,
    found: boolean[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const asked = cids.slice(from, to);
    if (await this.#stat(asked, signal)) {
      found.fill(true, from, to);
      return;
    }
    if (asked.length === 1 || this.#mute !== undefined) return;
    const part = Math.ceil(asked.length / 8);
    for (let at = from; at < to; at += part)
      await this.#ask(cids, at, Math.min(to, at + part), found, signal);
  }

  async #stat(cids: readonly string[], signal: AbortSignal | undefined): Promise<boolean> {
    const query = new URLSearchParams({ offline: 'true', progress: 'false' });
    for (const cid of cids) query.append('arg', cid);
    const request = { method: 'POST', path: 'api/v0/dag/stat', query, idleMs: longestMs } as const;
    try {
      const [answer] = lines(await this.#client.bytes(request, { signal }));
      if (answer?.DagStats?.length === cids.length) return true;
      this.#mute ??= 'its answer to dag/stat is not that of Kubo';
      return false;
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== 'refused') throw error;
      if (!/not found locally|could not find/.test(error.message)) this.#mute ??= error.message;
      return false;
    }
  }

  #fault(what: string): HttpError<KuboErrorCode> {
    return new HttpError<KuboErrorCode>('refused', `${this.#client.label}: ${what}`);
  }
}

interface Line {
  readonly Stats?: { readonly BlockCount?: number };
  readonly DagStats?: readonly unknown[];
}

function lines(answer: Uint8Array): Line[] {
  return new TextDecoder().decode(answer).split('\n').filter(Boolean).map(line);
}

/** A line of another kind, from another server for example, says nothing. */
function line(text: string): Line {
  return Object(parsedJson(text)) as Line;
}
