import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { RequestBody } from '../transport.ts';

/** Writes the body no faster than the other side takes it, and ends the request. */
export async function sendBody(outgoing: ClientRequest, body: RequestBody | undefined): Promise<void> {
  if (typeof body !== 'function') {
    outgoing.end(body);
    return;
  }
  const closed = new AbortController();
  outgoing.once('close', () => closed.abort());
  for await (const chunk of body()) {
    // Leaving the loop closes the source too.
    if (outgoing.destroyed) return;
    if (!outgoing.write(chunk)) {
      try {
        await once(outgoing, 'drain', { signal: closed.signal });
      } catch (error) {
        if (closed.signal.aborted) return;
        throw error;
      }
    }
  }
  outgoing.end();
}
