import { join } from 'node:path';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';
import { exists } from '../frame/operand-file.ts';
import type { ForeignFile, ForeignList } from './foreign-file.ts';
import { linesOf, readSums } from './read-sums.ts';

const payload = 'data/';
const digests = [
  ['sha256', 64],
  ['sha512', 128],
  ['sha1', 40],
  ['md5', 32],
] as const;

/** The payload of a bag (RFC 8493): sizes from `fetch.txt`, bytes from `data/` where they are there. */
export async function readBag(folder: string, shown: string): Promise<ForeignList> {
  for (const [name, digits] of digests) {
    const manifest = `manifest-${name}.txt`;
    if (!(await exists(join(folder, manifest)))) continue;
    const sizes = await fetchSizes(join(folder, 'fetch.txt'));
    const files: ForeignFile[] = [];
    for await (const { path, digest } of readSums(join(folder, manifest), join(shown, manifest), digits)) {
      const decoded = decode(path);
      if (!decoded.startsWith(payload))
        throw new Misuse(
          `${escapeText(join(shown, manifest))} expected paths below data/, got ${escapeText(path)}`,
        );
      files.push({
        path: decoded.slice(payload.length),
        size: sizes.get(decoded),
        ...(name === 'sha256' && { sha256: digest }),
        location: join(folder, ...decoded.split('/').filter((segment) => segment !== '..')),
      });
    }
    return { kind: 'bagit', digest: name.toUpperCase(), files };
  }
  throw new Misuse(`${escapeText(shown)} has no manifest of its payload`, 'a bag has manifest-sha256.txt');
}

async function fetchSizes(place: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  if (!(await exists(place))) return sizes;
  for await (const [, line] of linesOf(place)) {
    const [, size, path] = /^\S+\s+(\d{1,15}|-)\s+(.+)$/.exec(line) ?? [];
    if (path !== undefined && size !== '-') sizes.set(decode(path), Number(size));
  }
  return sizes;
}

function decode(path: string): string {
  return path.replace(/%(0a|0d|25)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
