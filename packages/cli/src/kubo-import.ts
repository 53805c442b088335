import { randomBytes } from 'node:crypto';
import { failure } from './network-failure.ts';
import type { Auth } from './secret.ts';

export interface KuboImport {
  readonly url: string;
  readonly auth?: Auth | undefined;
  readonly car: AsyncIterable<Uint8Array>;
  readonly cid: string;
  readonly signal: AbortSignal;
}

/** Streams a CAR into a Kubo node, which pins its root (RPC `dag/import`). */
export async function importToKubo({ url, auth, car, cid, signal }: KuboImport): Promise<void> {
  const boundary = `holdfast-${randomBytes(16).toString('hex')}`;
  const address = new URL('/api/v0/dag/import?pin-roots=true&stats=false', url);
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
  const text = await response.text();
  if (response.status === 401 || response.status === 403) {
    throw failure(
      'unauthorized',
      `the Kubo node at ${address.origin} refused the credentials (${response.status})`,
    );
  }
  if (!response.ok)
    throw failure(
      'refused',
      `the Kubo node at ${address.origin} answered ${response.status}: ${text.slice(0, 300)}`,
    );
  const roots = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { Root?: { Cid?: { '/': string }; PinErrorMsg?: string } });
  const pinned = roots.find((line) => line.Root?.Cid?.['/'] === cid);
  const error = pinned?.Root?.PinErrorMsg ?? (pinned ? '' : 'it did not name the root');
  if (error !== '')
    throw failure('refused', `the Kubo node at ${address.origin} did not pin ${cid}: ${error}`);
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
