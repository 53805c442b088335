import { comparePaths } from '../manifest/file-path.ts';
import type { DatasetFile } from '../manifest/manifest.ts';

export type FileChange =
  | { readonly kind: 'added'; readonly after: DatasetFile }
  | { readonly kind: 'removed'; readonly before: DatasetFile }
  | { readonly kind: 'changed'; readonly before: DatasetFile; readonly after: DatasetFile };

export type Files = Iterable<DatasetFile> | AsyncIterable<DatasetFile>;

/** What differs between two lists, each sorted by path: in one pass, holding one file of each. */
export async function* compareFiles(before: Files, after: Files): AsyncGenerator<FileChange> {
  const [old, young] = [iterate(before), iterate(after)];
  try {
    let [left, right] = [await old.next(), await young.next()];
    while (left.done !== true || right.done !== true) {
      const order =
        left.done === true ? 1 : right.done === true ? -1 : comparePaths(left.value.path, right.value.path);
      if (order < 0 && left.done !== true) yield { kind: 'removed', before: left.value };
      if (order > 0 && right.done !== true) yield { kind: 'added', after: right.value };
      if (left.done !== true && right.done !== true && order === 0 && differ(left.value, right.value))
        yield { kind: 'changed', before: left.value, after: right.value };
      if (order <= 0) left = await old.next();
      if (order >= 0) right = await young.next();
    }
  } finally {
    await old.return?.();
    await young.return?.();
  }
}

function differ(before: DatasetFile, after: DatasetFile): boolean {
  return before.cid !== after.cid || before.size !== after.size || before.sha256 !== after.sha256;
}

function iterate(files: Files): AsyncIterator<DatasetFile> | Iterator<DatasetFile> {
  return Symbol.asyncIterator in files ? files[Symbol.asyncIterator]() : files[Symbol.iterator]();
}
