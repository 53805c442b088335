import { utf8 } from '../crypto/bytes.ts';
import { quickCheck } from '../json/quick-check.ts';
import { readDocument } from '../json/read-document.ts';
import type { FolderContent } from '../manifest/create-dataset.ts';
import { DatasetFile } from '../manifest/manifest.ts';
import type { Problem } from '../problem/problem.ts';
import { problem } from '../problem/problem-draft.ts';

/** The longest line: a path of 4096 escaped bytes, and the other fields. */
export const maxLineLength = 32 * 1024;

const accepts = quickCheck(DatasetFile);
const kind = { area: 'manifest', schema: DatasetFile, accepts, rules: () => [] } as const;

/** A file as a list has it; `hashFolder` gives what is more. */
export type FileEntry = FolderContent['files'][number];

/** The line of a file in a list, as RFC 8785 writes it, without the line feed. */
export function formatFileLine({ path, size, sha256, cid, mediaType }: FileEntry): string {
  const media = mediaType === undefined ? '' : `"mediaType":${JSON.stringify(mediaType)},`;
  return `{"cid":"${cid}",${media}"path":${JSON.stringify(path)},"sha256":"${sha256}","size":${size}}`;
}

/** The file of a line if this package writes exactly that line, else undefined. */
export function parseFileLine(text: string): DatasetFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!accepts(value)) return undefined;
  const file = value as DatasetFile;
  return file.path.isWellFormed() && formatFileLine(file) === text ? file : undefined;
}

/** Why a line is not a file of the list. */
export function fileLineProblems(text: string, line: number, file: string | undefined): readonly Problem[] {
  if (text === '') {
    const message = 'the line is empty; expected one file in each line';
    return [problem({ code: 'list/not-canonical', message }, { file, line })];
  }
  const read = readDocument<DatasetFile>(utf8(text), kind, { file });
  if (!read.ok) return read.problems.map((found) => ({ ...found, line }));
  const expected = formatFileLine(read.value);
  const column = firstDifference(text, expected) + 1;
  const message = `expected the canonical form of the file from here on: ${shown(expected.slice(column - 1))}`;
  return [problem({ code: 'list/not-canonical', message }, { file, line, column })];
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function shown(text: string): string {
  return text === ''
    ? 'the end of the line'
    : JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
