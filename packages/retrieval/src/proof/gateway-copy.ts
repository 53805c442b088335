import { joinBytes } from '@holdfast/content/internal';
import { type AuthSource, fetchTransport, HttpClient, HttpError, type Transport } from '@holdfast/http';
import { RetrievalError } from '../error.ts';
import { answerOf, type CopySource } from './copy-source.ts';

export interface GatewayCopyOptions {
  /** Whether it may get from elsewhere what it has not, as it does for readers. Then nothing is proved of a copy. Default: false. */
  readonly search?: boolean | undefined;
  readonly auth?: AuthSource | undefined;
  readonly transport?: Transport | undefined;
}

/** More than any block that nodes exchange. */
const maxBytes = 4 << 20;

/**
 * The copy of one node behind its own trustless gateway, asked for what it has itself: `only-if-cached` makes it search nowhere
 * (https://specs.ipfs.tech/http-gateways/trustless-gateway/). Of a gateway in front of several nodes it proves that one of them has it.
 */
export function gatewayCopy(url: string, options: GatewayCopyOptions = {}): CopySource {
  const client = new HttpClient({
    endpoints: [url],
    auth: options.auth,
    transport: options.transport ?? fetchTransport({ redirects: 'same-site' }),
    backOff: { attempts: 1, firstMs: 0, longestMs: 0 },
  });
  return {
    async read(cid, { signal }) {
      const headers = {
        accept: 'application/vnd.ipld.raw',
        ...(options.search !== true && { 'cache-control': 'only-if-cached' }),
      };
      const query = new URLSearchParams({ format: 'raw' });
      const request = { method: 'GET', path: `/ipfs/${cid}`, query, headers } as const;
      try {
        const answer = await client.stream(request, { signal, maxBytes });
        const type = answer.header('content-type') ?? '';
        if (!/^application\/vnd\.ipld\.raw\b/.test(type)) {
          answer.cancel();
          throw new RetrievalError(
            'peer-unreachable',
            `answered with ${type || 'no type'}, expected a raw block: is it a trustless gateway?`,
          );
        }
        const parts: Uint8Array[] = [];
        for await (const part of answer.body) parts.push(part);
        return answerOf(cid, joinBytes(parts));
      } catch (error) {
        // 412 is the answer to only-if-cached; a node that never fetches says 404.
        const isMissing = error instanceof HttpError && (error.status === 412 || error.code === 'not-found');
        if (isMissing) return { kind: 'missing' };
        throw error;
      }
    },
  };
}
