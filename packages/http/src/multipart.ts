import type { HttpRequest } from './transport.ts';

export interface MultipartFile {
  /** Opens the content; called again where the upload is repeated. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** Called with the bytes handed over so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Headers and body of a form with one file in it, streamed (RFC 7578). */
export function multipartFile(file: MultipartFile): Required<Pick<HttpRequest, 'headers' | 'body'>> {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const boundary = `holdfast-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: () => parts(file, boundary),
  };
}

async function* parts(
  { open, name, type, onProgress }: MultipartFile,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder();
  yield text.encode(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`,
  );
  let bytes = 0;
  for await (const chunk of open()) {
    yield chunk;
    bytes += chunk.length;
    onProgress?.(bytes);
  }
  yield text.encode(`\r\n--${boundary}--\r\n`);
}
