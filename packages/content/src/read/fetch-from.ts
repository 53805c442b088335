import { type ContentCid, cidText, parseCid } from '../dag/link-cid.ts';
import { readUnixFs } from '../dag/unixfs-node.ts';
import { ContentError } from '../error.ts';
import { type BlockOptions, BlockReader } from './block-reader.ts';
import type { BlockSource } from './block-source.ts';
import { type FoundBlock, findPath } from './find-path.ts';
import { fileSize } from './read-verified.ts';

/** `fetch` as far as readers of data use it. */
export type VerifiedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` for content: `ipfs://CID/path` or `/ipfs/CID/path`, with GET, HEAD, `Range` and `If-None-Match`. Every byte is verified before it
 * is given. What is not there is 404, a folder too; a source that fails rejects, as a network does.
 */
export function fetchFrom(source: BlockSource, options: Omit<BlockOptions, 'signal'> = {}): VerifiedFetch {
  const nodes = new NodeBlocks();
  return async (input, init) => {
    const given = typeof input === 'string' || input instanceof URL ? undefined : input;
    const method = (init?.method ?? given?.method ?? 'GET').toUpperCase();
    const headers = new Headers(init?.headers ?? given?.headers);
    const signal = init?.signal ?? given?.signal ?? undefined;
    if (method !== 'GET' && method !== 'HEAD') return answer(405, { allow: 'GET, HEAD' });
    const place = placeIn(given?.url ?? String(input));
    const reader = new BlockReader(source, { ...options, signal });
    let found: FoundBlock;
    try {
      found = await findPath(place.root, place.segments, (cid) => nodes.get(cid, reader));
      if (readUnixFs(found.cid, found.block).kind === 'directory')
        throw new ContentError('path-missing', 'expected a file, got a folder');
    } catch (error) {
      reader.close();
      if (error instanceof ContentError && error.code === 'path-missing') return answer(404, {});
      throw error;
    }
    return respond(found, reader, { isHead: method === 'HEAD', headers });
  };
}

/** The nodes on the way to what was asked for last: a thousand files of one folder need its block once. */
class NodeBlocks {
  readonly #blocks = new Map<string, Uint8Array>();

  async get(cid: ContentCid, reader: BlockReader): Promise<Uint8Array> {
    const key = cidText(cid.codec, cid.digest);
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const block = await reader.block(cid);
    if (cid.codec === 'raw' || block.length > mostNodeBytes) return block;
    this.#blocks.set(key, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > mostNodes && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }
}

const mostNodes = 64;
const mostNodeBytes = 262_144;

function respond(
  { cid, block }: FoundBlock,
  reader: BlockReader,
  { isHead, headers }: { readonly isHead: boolean; readonly headers: Headers },
): Response {
  const size = fileSize(cid, block);
  const etag = `"${cidText(cid.codec, cid.digest)}"`;
  const common = { etag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
  const over = (status: number, more: Record<string, string>): Response => {
    reader.close();
    return answer(status, { ...common, ...more });
  };
  if ((headers.get('if-none-match') ?? '').split(/\s*,\s*/).some((tag) => tag === etag || tag === '*'))
    return over(304, {});
  const ifRange = headers.get('if-range');
  const range = ifRange === null || ifRange === etag ? rangeIn(headers.get('range'), size) : undefined;
  if (range === 'outside') return over(416, { 'content-range': `bytes */${size}` });
  const { start, end } = range ?? { start: 0, end: size };
  const status = range === undefined ? 200 : 206;
  const length = {
    'content-length': `${end - start}`,
    ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
  };
  if (isHead) return over(status, length);
  const parts = reader.file(cid, block, range);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (!done) return controller.enqueue(Uint8Array.from(value));
        reader.close();
        controller.close();
      },
      async cancel() {
        reader.close();
        await parts.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers: { ...common, ...length } });
}

/** One range; of several, as RFC 9110 allows, the whole is given. */
function rangeIn(
  header: string | null,
  size: number,
): { readonly start: number; readonly end: number } | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '')
    return Number(last) === 0 || size === 0
      ? 'outside'
      : { start: Math.max(0, size - Number(last)), end: size };
  const [start, end] = [Number(first), last === '' ? size : Math.min(size, Number(last) + 1)];
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'outside' : { start, end };
}

function placeIn(address: string): { readonly root: ContentCid; readonly segments: readonly string[] } {
  const [, cid = '', path = ''] =
    /^(?:ipfs:\/\/|(?:https?:\/\/[^/]+)?\/ipfs\/)([^/?#]+)(\/[^?#]*)?/.exec(address) ?? [];
  if (cid === '')
    throw new ContentError('path-invalid', 'expected an address such as ipfs://CID/path or /ipfs/CID/path');
  const segments = path.split('/').filter((each) => each !== '');
  return { root: parseCid(cid), segments: segments.map(decoded) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ContentError('path-invalid', 'expected a path in percent-encoded UTF-8');
  }
}

function answer(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers });
}
