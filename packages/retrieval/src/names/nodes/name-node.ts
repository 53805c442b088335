import { type AuthSource, HttpClient, HttpError, type HttpRequest, type Transport } from '@holdfast/http';
import { RetrievalError } from '../../error.ts';
import { maxRecordBytes } from '../record/record.ts';

/** A place that keeps records of names. It is trusted with nothing: every record is verified here. */
export interface NameNode {
  /**
   * - `router`: `/routing/v1/ipns` (https://specs.ipfs.tech/routing/http-routing-v1/), read and written; a Kubo gateway is one
   * - `gateway`: a trustless gateway, read only
   */
  readonly kind: 'router' | 'gateway';
  /** Base URL: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly auth?: AuthSource | undefined;
}

export const recordType = 'application/vnd.ipfs.ipns-record';

/** One node, asked over HTTP. What it gives has been verified by nobody. */
export class RecordSource {
  readonly writes: boolean;
  /** For messages: without credentials. */
  readonly label: string;
  readonly #kind: NameNode['kind'];
  readonly #client: HttpClient;

  constructor({ kind, url, auth }: NameNode, transport: Transport) {
    this.#kind = kind;
    this.writes = kind === 'router';
    try {
      this.#client = new HttpClient({
        endpoints: [url],
        auth,
        transport,
        // Who asks again, and whom, is decided for all nodes together.
        backOff: { attempts: 1, firstMs: 0, longestMs: 0 },
        breaker: { threshold: Number.POSITIVE_INFINITY, maxRestMs: 0 },
      });
    } catch (cause) {
      throw new RetrievalError('source-invalid', `a node for names: ${(cause as Error).message}`, { cause });
    }
    this.label = this.#client.label;
  }

  /** The record that this node has of a name; undefined where it has none. */
  async read(name: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const query = this.#kind === 'gateway' ? new URLSearchParams({ format: 'ipns-record' }) : undefined;
    const path = this.#kind === 'gateway' ? `/ipns/${name}` : `/routing/v1/ipns/${name}`;
    const request: HttpRequest = { method: 'GET', path, query, headers: { accept: recordType } };
    try {
      const answer = await this.#client.stream(request, { signal, maxBytes: maxRecordBytes });
      // An unknown name is answered with 200 and another type of content.
      if (!answer.header('content-type')?.startsWith(recordType)) {
        answer.cancel();
        return undefined;
      }
      const parts: number[] = [];
      for await (const part of answer.body) parts.push(...part);
      return Uint8Array.from(parts);
    } catch (error) {
      if (error instanceof HttpError && this.#isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** Whether it has been stored, only a reading shows: nodes answer success to records that they drop. */
  async write(name: string, record: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#client.bytes(
      {
        method: 'PUT',
        path: `/routing/v1/ipns/${name}`,
        headers: { 'content-type': recordType },
        body: record,
      },
      { signal },
    );
  }

  /** A gateway answers 500 for a name that it does not know. */
  #isAbsence({ code, status }: HttpError): boolean {
    return code === 'not-found' || (this.#kind === 'gateway' && status === 500);
  }
}
