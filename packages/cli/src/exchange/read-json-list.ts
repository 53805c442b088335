import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';
import { exists } from '../frame/operand-file.ts';
import type { ForeignFile, ForeignList } from './foreign-file.ts';

/** A `.dvc` file, which names a file or a `.dir` of the cache beside the `.dvc` folder above it. */
export async function readDvcFile(place: string, shown: string): Promise<ForeignList> {
  const text = await readFile(place, 'utf8');
  const outs = text.match(/^\s*(?:- )?\s*md5: .+$/gm) ?? [];
  const [, md5] = /md5: ['"]?([0-9a-f]{32}(?:\.dir)?)['"]?\s*$/.exec(outs[0] ?? '') ?? [];
  const [, path] = /^\s*(?:- )?\s*path: ['"]?(.+?)['"]?\s*$/m.exec(text) ?? [];
  if (md5 === undefined || path === undefined || outs.length !== 1)
    throw new Misuse(`${escapeText(shown)} expected one output with md5 and path, as dvc add writes`);
  const cache = await dvcCache(dirname(place), md5, shown);
  const object = join(cache, md5.slice(0, 2), md5.slice(2));
  if (md5.endsWith('.dir')) return readDvcDir(object, md5);
  return { kind: 'dvc', digest: 'MD5', files: [{ path: basename(path), location: object }] };
}

/** The list of a folder in DVC's cache: `[{"md5": …, "relpath": …}]`. Each file is in the cache by its MD5. */
export async function readDvcDir(place: string, shown: string): Promise<ForeignList> {
  const cache = dirname(dirname(place));
  const files = entries(await json(place, shown), shown).map((entry, i): ForeignFile => {
    const { md5, relpath } = entry;
    if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/.test(md5) || typeof relpath !== 'string')
      throw new Misuse(`entry ${i} of ${escapeText(shown)} expected "md5" and "relpath", as DVC writes them`);
    return { path: relpath, location: join(cache, md5.slice(0, 2), md5.slice(2)) };
  });
  return { kind: 'dvc', digest: 'MD5', files };
}

/** What `GET /api/datasets/NAME/tree/REVISION?recursive=true` of the Hugging Face Hub answers. Only LFS files have a SHA-256. */
export async function readHubTree(place: string, shown: string): Promise<ForeignList> {
  const files = entries(await json(place, shown), shown).flatMap((entry, i): ForeignFile[] => {
    const { type, path, size, lfs } = entry;
    if (type === 'directory') return [];
    if (type !== 'file' || typeof path !== 'string' || typeof size !== 'number')
      throw new Misuse(`entry ${i} of ${escapeText(shown)} expected "type", "path" and "size"`);
    const { oid, size: whole } = Object(lfs) as { oid?: unknown; size?: unknown };
    const [, sha256] = typeof oid === 'string' ? (/^(?:sha256:)?([0-9a-f]{64})$/.exec(oid) ?? []) : [];
    return [{ path, size: typeof whole === 'number' ? whole : size, sha256 }];
  });
  return { kind: 'huggingface', digest: 'Git object ID', files };
}

async function dvcCache(from: string, md5: string, shown: string): Promise<string> {
  for (let folder = from; ; folder = dirname(folder)) {
    // The layouts of DVC 3 and 2.
    for (const layout of [['files', 'md5'], []]) {
      const cache = join(folder, '.dvc', 'cache', ...layout);
      if (await exists(join(cache, md5.slice(0, 2), md5.slice(2)))) return cache;
    }
    if (dirname(folder) === folder) break;
  }
  throw new Misuse(
    `${escapeText(shown)} names ${md5}, which is not in .dvc/cache`,
    'run dvc fetch, or name the .dir file in the cache where that is elsewhere',
  );
}

async function json(place: string, shown: string): Promise<unknown> {
  const text = await readFile(place, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Misuse(`${escapeText(shown)} is not JSON: ${escapeText((error as Error).message)}`);
  }
}

function entries(value: unknown, shown: string): Record<string, unknown>[] {
  if (Array.isArray(value) && value.every((entry) => Object(entry) === entry)) return value;
  throw new Misuse(`${escapeText(shown)} expected a list of objects`);
}
