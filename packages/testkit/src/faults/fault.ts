import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with a request. Bytes are counted in the body of the answer. */
export type Fault =
  /** The connection is reset before anything is answered. */
  | { kind: 'reset' }
  /** Nothing comes, or nothing after the headers, and the connection stays open. */
  | { kind: 'hang'; after?: 'request' | 'headers' }
  /** The connection is reset in the middle of the body. */
  | { kind: 'cut'; afterBytes: number }
  /** The answer waits, or trickles. */
  | { kind: 'slow'; delayMs?: number; bytesPerSecond?: number }
  /** One byte of the body is another. */
  | { kind: 'corrupt'; atByte: number }
  /** The target is not asked at all. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string; delayMs?: number };

/** Passes the target's answer on, with what the fault does to it. Resolves when nothing is left to do. */
export async function passAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (fault?.kind === 'slow') await sleep(fault.delayMs ?? 0);
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headersOf(answer));
  response.flushHeaders();
  if (fault?.kind === 'hang') return;
  let sent = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (response.destroyed) return;
    if (fault?.kind === 'cut' && sent + chunk.length >= fault.afterBytes) {
      const rest = chunk.subarray(0, fault.afterBytes - sent);
      // Reset only after what comes before the cut has left this process.
      await new Promise<void>((done) => response.write(rest, () => done()));
      response.socket?.destroySoon();
      return;
    }
    await send(response, changed(chunk, sent, fault), fault);
    sent += chunk.length;
  }
  if (answer.rawTrailers.length > 0) response.addTrailers(pairs(answer.rawTrailers));
  response.end();
}

/** A 204 may announce a trailer, as IPFS Cluster's does for an empty list, but Node refuses to send one without a body. */
function headersOf({ statusCode, rawHeaders }: IncomingMessage): string[] {
  if (statusCode !== 204) return rawHeaders;
  return pairs(rawHeaders)
    .filter(([name]) => name.toLowerCase() !== 'trailer')
    .flat();
}

function changed(chunk: Buffer, offset: number, fault: Fault | undefined): Buffer {
  if (fault?.kind !== 'corrupt') return chunk;
  const at = fault.atByte - offset;
  if (at < 0 || at >= chunk.length) return chunk;
  const copy = Buffer.from(chunk);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function send(response: ServerResponse, chunk: Buffer, fault: Fault | undefined): Promise<void> {
  const rate = fault?.kind === 'slow' ? fault.bytesPerSecond : undefined;
  const step = rate ? Math.max(1, Math.floor(rate / 20)) : chunk.length;
  for (let at = 0; at < chunk.length && !response.destroyed; at += step) {
    const part = chunk.subarray(at, at + step);
    if (!response.write(part) && !response.destroyed) {
      await new Promise<void>((done) => {
        const go = () => {
          response.off('drain', go).off('close', go);
          done();
        };
        response.on('drain', go).on('close', go);
      });
    }
    if (rate) await sleep((part.length / rate) * 1_000);
  }
}

function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as [string, string]] : [],
  );
}
