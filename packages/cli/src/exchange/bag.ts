import { createHash } from 'node:crypto';
import { countFiles } from '@holdfast/manifest/files';
import { addressOf, type ExportSource, sha256Sums } from '@holdfast/site/forms';

/** A file of a bag, apart from the payload. */
export interface BagFile {
  readonly path: string;
  text(): AsyncIterable<string>;
}

/** BagIt 1.0 (RFC 8493). With `withFetch`, `fetch.txt` says where each file of the payload is: a bag that is still to be filled. */
export function bagFiles(source: ExportSource, withFetch: boolean): readonly BagFile[] {
  const { dataset } = source;
  const info = [
    ...(dataset.creators ?? []).map(({ name }) => ['Contact-Name', name]),
    ['External-Description', dataset.description],
    ['External-Identifier', `ipfs://${dataset.cid}`],
    ['Internal-Sender-Identifier', `${dataset.name} ${dataset.version}`],
    ['Bagging-Date', dataset.created.slice(0, 10)],
    ['Payload-Oxum', `${dataset.totalSize}.${countFiles(dataset)}`],
  ];
  return [
    { path: 'bagit.txt', text: () => whole('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n') },
    {
      path: 'bag-info.txt',
      text: () => whole(info.map(([label, value]) => `${label}: ${oneLine(value as string)}\n`).join('')),
    },
    { path: 'manifest-sha256.txt', text: () => payloadSums(source) },
    ...(withFetch ? [{ path: 'fetch.txt', text: () => fetchLines(source) }] : []),
  ];
}

/** The checksums of the files that are not payload. */
export function tagManifest(digests: Iterable<readonly [path: string, sha256: string]>): string {
  return [...digests].map(([path, sha256]) => `${sha256}  ${path}\n`).join('');
}

/** Passes text on and knows its digest after. */
export async function* digested(
  text: AsyncIterable<string>,
  onEnd: (sha256: string) => void,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  for await (const chunk of text) {
    hash.update(chunk);
    yield chunk;
  }
  onEnd(hash.digest('hex'));
}

async function* whole(text: string): AsyncGenerator<string> {
  yield text;
}

function payloadSums({ files }: ExportSource): AsyncIterable<string> {
  const encoded = async function* encoded() {
    for await (const file of files) yield { ...file, path: bagPath(file.path) };
  };
  return sha256Sums({ files: encoded() }, 'data/');
}

async function* fetchLines({ files, base }: ExportSource): AsyncGenerator<string> {
  for await (const { path, size } of files) yield `${addressOf(base, path)} ${size} data/${bagPath(path)}\n`;
}

/** RFC 8493, 2.1.3: a percent sign is encoded where it could be read as an encoded line end. */
function bagPath(path: string): string {
  return path.replace(/%(?=0[ad]|25)/gi, '%25');
}

/** A value of bag-info.txt is one line; a line that goes on is indented. */
function oneLine(text: string): string {
  return text.split(/\r?\n/).join('\n  ');
}
