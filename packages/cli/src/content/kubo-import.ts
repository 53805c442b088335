import { type Auth, HttpClient, HttpError, type HttpErrorCode, multipartFile } from '@holdfast/http';
import { nodeTransport } from '@holdfast/http/node';

export interface KuboImport {
  readonly url: string;
  readonly auth?: Auth | undefined;
  /** Opens the CAR; called again where the upload is repeated. */
  readonly read: () => AsyncIterable<Uint8Array>;
  readonly cid: string;
  /** How many blocks the CAR has. The node must report as many. */
  readonly blocks: number;
  /** Pin it on the node too, so that garbage collection keeps it. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
}

type ImportErrorCode = HttpErrorCode | 'refused';

/** Streams a CAR into a Kubo node (RPC `dag/import`). */
export async function importToKubo(options: KuboImport): Promise<void> {
  const { url, auth, read, cid, blocks, keep, signal } = options;
  const client = new HttpClient<ImportErrorCode>({
    endpoints: [url],
    auth,
    transport: nodeTransport(),
    // A node that is not busy but refuses does so again.
    interpret: (status) => ([401, 403, 429, 503].includes(status) ? undefined : 'refused'),
  });
  try {
    const answer = await client.bytes(
      {
        method: 'POST',
        path: 'api/v0/dag/import',
        query: new URLSearchParams({ 'pin-roots': `${keep}`, stats: 'true' }),
        ...multipartFile({ open: read, name: 'content.car', type: 'application/vnd.ipld.car' }),
        // The node answers once it has stored all of it.
        idleMs: 600_000,
      },
      { signal },
    );
    const fault = faultIn(new TextDecoder().decode(answer), cid, blocks, keep);
    if (fault !== undefined) throw new HttpError<ImportErrorCode>('refused', `${client.label}: ${fault}`);
  } finally {
    client.close();
  }
}

interface ImportLine {
  readonly Root?: { readonly Cid?: { readonly '/': string }; readonly PinErrorMsg?: string };
  readonly Stats?: { readonly BlockCount?: number };
}

/** What is wrong with the answer: a line of JSON for each root, and one with the count. */
function faultIn(text: string, cid: string, blocks: number, keep: boolean): string | undefined {
  const lines = text.split('\n').filter(Boolean).map(importLine);
  const stored = lines.find((line) => line.Stats)?.Stats?.BlockCount;
  if (stored !== blocks) return `stored ${stored ?? 'none'} of ${blocks} blocks`;
  const root = lines.find((line) => line.Root?.Cid?.['/'] === cid)?.Root;
  if (keep && (!root || root.PinErrorMsg))
    return `did not pin ${cid}: ${root?.PinErrorMsg ?? 'its answer does not name it'}`;
  return undefined;
}

/** A line of another kind, from another server for example, says nothing. */
function importLine(line: string): ImportLine {
  try {
    return Object(JSON.parse(line)) as ImportLine;
  } catch {
    return {};
  }
}
