import { randomBytes } from 'node:crypto';
import type { Auth } from '../frame/secret.ts';
import { failure } from '../pinning/target-error.ts';

export interface KuboImport {
  readonly url: string;
  readonly auth?: Auth | undefined;
  readonly car: AsyncIterable<Uint8Array>;
  readonly cid: string;
  /** How many blocks the CAR has; the node must say that it took in as many. */
  readonly blocks: number;
  /** Pin it there too, so that the node's own garbage collection leaves it alone. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
}

/** Streams a CAR into a Kubo node (RPC `dag/import`). */
export async function importToKubo({ url, auth, car, cid, blocks, keep, signal }: KuboImport): Promise<void> {
  const boundary = `holdfast-${randomBytes(16).toString('hex')}`;
  const address = new URL(
    `api/v0/dag/import?pin-roots=${keep}&stats=true`,
    url.endsWith('/') ? url : `${url}/`,
  );
  const request: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    signal,
    duplex: 'half',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, ...authorization(auth) },
    body: ReadableStream.from(multipart(car, boundary)),
  };
  const response = await globalThis.fetch(address, request).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw failure('unavailable', `the Kubo node at ${address.origin} does not answer`, cause);
  });
  const text = await response.text().catch((cause: unknown) => {
    signal.throwIfAborted();
    throw failure('unavailable', `the Kubo node at ${address.origin} broke off its answer`, cause);
  });
  if (response.status === 401 || response.status === 403) {
    throw failure(
      'unauthorized',
      `the Kubo node at ${address.origin} refused the credentials (${response.status})`,
    );
  }
  if (!response.ok)
    throw failure(
      'refused',
      `the Kubo node at ${address.origin} answered ${response.status}: ${text.trim().slice(0, 300)}`,
    );
  const fault = faultIn(text, cid, blocks, keep);
  if (fault !== undefined) throw failure('refused', `the Kubo node at ${address.origin} ${fault}`);
}

interface ImportLine {
  readonly Root?: { readonly Cid?: { readonly '/': string }; readonly PinErrorMsg?: string };
  readonly Stats?: { readonly BlockCount?: number };
}

/** What is wrong with the node's answer, a line of JSON for each root and one with the count. */
function faultIn(text: string, cid: string, blocks: number, keep: boolean): string | undefined {
  const lines = text.split('\n').filter(Boolean).map(importLine);
  const taken = lines.find((line) => line.Stats)?.Stats?.BlockCount;
  if (taken !== blocks) return `took in ${taken ?? 'no'} blocks of ${blocks}`;
  const root = lines.find((line) => line.Root?.Cid?.['/'] === cid)?.Root;
  if (keep && (!root || root.PinErrorMsg))
    return `did not pin ${cid}: ${root?.PinErrorMsg ?? 'it did not name the root'}`;
  return undefined;
}

/** What is no line of such an answer, of another server for example, says nothing. */
function importLine(line: string): ImportLine {
  try {
    return Object(JSON.parse(line)) as ImportLine;
  } catch {
    return {};
  }
}

async function* multipart(car: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder();
  yield text.encode(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="content.car"\r\ncontent-type: application/vnd.ipld.car\r\n\r\n`,
  );
  yield* car;
  yield text.encode(`\r\n--${boundary}--\r\n`);
}

function authorization(auth: Auth | undefined): Record<string, string> {
  if (!auth) return {};
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer}` };
  const { user, password } = auth.basic;
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
