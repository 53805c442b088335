import { open } from 'node:fs/promises';
import { escapeText } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';

export interface Sum {
  readonly path: string;
  /** Lower-case hex. */
  readonly digest: string;
}

/** The lines of `sha256sum` and its like, also with `--tag` and with escaped names (GNU coreutils, "md5sum invocation"). */
export async function* readSums(place: string, shown: string, digits: number): AsyncGenerator<Sum> {
  const gnu = new RegExp(`^(\\\\?)([0-9a-fA-F]{${digits}})[ \\t]+\\*?(.+)$`);
  const tagged = new RegExp(`^(\\\\?)[A-Z0-9-]+ \\((.+)\\) = ([0-9a-fA-F]{${digits}})$`);
  for await (const [number, line] of linesOf(place)) {
    const plain = gnu.exec(line);
    const tag = plain ? null : tagged.exec(line);
    const [, escaped, digest, path] = plain ?? (tag ? [tag[0], tag[1], tag[3], tag[2]] : []);
    if (digest === undefined || path === undefined)
      throw new Misuse(
        `${escapeText(shown)}:${number} expected ${digits} hex digits and a path, got "${escapeText(line.slice(0, 80))}"`,
      );
    yield { path: withoutDot(escaped ? unescaped(path) : path), digest: digest.toLowerCase() };
  }
}

/** `SIZE PATH` lines, as `find -printf '%s %P\n'` prints them. */
export async function readSizes(place: string, shown: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const [number, line] of linesOf(place)) {
    const [, size, path] = /^\s*(\d{1,15})\s+(.+)$/.exec(line) ?? [];
    if (size === undefined || path === undefined)
      throw new Misuse(
        `${escapeText(shown)}:${number} expected SIZE PATH, got "${escapeText(line.slice(0, 80))}"`,
        "find . -type f -printf '%s %P\\n' prints such a list",
      );
    sizes.set(withoutDot(path), Number(size));
  }
  return sizes;
}

export async function* linesOf(place: string): AsyncGenerator<readonly [number: number, line: string]> {
  await using file = await open(place);
  let number = 0;
  for await (const line of file.readLines()) {
    number += 1;
    if (line.trim() !== '') yield [number, line];
  }
}

function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '');
}

function unescaped(path: string): string {
  return path.replace(/\\([\\nr])/g, (_, char: string) => ({ '\\': '\\', n: '\n', r: '\r' })[char] ?? char);
}
