import { HttpError } from './http-error.ts';

/** The whole body; one of more bytes than that is not read on. */
export async function readBytes(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  where: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of limited(body, maxBytes, where)) chunks.push(chunk);
  return joined(chunks);
}

/** A body as it comes, up to `maxBytes`. */
export async function* limited(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  where: string,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLong(where, `at most ${maxBytes} bytes, got more`);
    yield chunk;
  }
}

/** The lines of a body, holding one of them at a time. */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
  where: string,
): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  const grow = (bytes: number) => {
    restBytes += bytes;
    if (restBytes > maxLineBytes)
      throw tooLong(where, `lines of at most ${maxLineBytes} bytes, got a longer one`);
  };
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end);
      grow(tail.length);
      yield textOf(rest.length === 0 ? tail : joined([...rest, tail]));
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    grow(chunk.length - start);
    rest.push(chunk.subarray(start));
  }
  if (restBytes > 0) yield textOf(joined(rest));
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export function textOf(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function tooLong(where: string, what: string): HttpError {
  return new HttpError('bad-response', `${where}: expected ${what}`, { endpoint: where });
}
