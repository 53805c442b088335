import type { IncomingMessage } from 'node:http';
import { PinningError } from '../pinning-error.ts';

/** The whole body as text; an answer of more bytes than that is not read. */
export async function readText(message: IncomingMessage, maxBytes: number, where: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new PinningError('bad-response', `${where}: expected at most ${maxBytes} bytes, got more`, {
        endpoint: where,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The lines of a body, holding one of them at a time. */
export async function* readLines(
  body: AsyncIterable<Buffer>,
  maxLineBytes: number,
  where: string,
): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end);
      limit(restBytes + tail.length, maxLineBytes, where);
      yield rest.length === 0 ? tail.toString('utf8') : Buffer.concat([...rest, tail]).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    restBytes += chunk.length - start;
    limit(restBytes, maxLineBytes, where);
    rest.push(chunk.subarray(start));
  }
  if (restBytes > 0) yield Buffer.concat(rest).toString('utf8');
}

function limit(bytes: number, maxBytes: number, where: string): void {
  if (bytes <= maxBytes) return;
  throw new PinningError(
    'bad-response',
    `${where}: expected lines of at most ${maxBytes} bytes, got a longer one`,
    {
      endpoint: where,
    },
  );
}
