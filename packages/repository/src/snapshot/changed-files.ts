import type { EntryMode, ObjectSource } from '../objects/object-source.ts';
import { type ListedFile, listFiles } from './file-listing.ts';

export interface FileSide {
  readonly path: string;
  readonly id: string;
  readonly mode: EntryMode;
}

export interface ChangedFile {
  /** `rename`: the same bytes left one path and appeared at another. */
  readonly kind: 'add' | 'change' | 'delete' | 'rename';
  readonly before?: FileSide | undefined;
  readonly after?: FileSide | undefined;
}

/** Every file that differs between two commits, sorted by path. `under` limits it to folders. */
export async function changedFiles(
  source: ObjectSource,
  base: string,
  head: string,
  { under = [''] }: { readonly under?: readonly string[] | undefined } = {},
): Promise<readonly ChangedFile[]> {
  const [before, after] = await Promise.all([listFiles(source, base, under), listFiles(source, head, under)]);
  const old = new Map(before.map((file) => [file.path, file]));
  const changes: ChangedFile[] = [];
  const added: ListedFile[] = [];
  for (const file of after) {
    const was = old.get(file.path);
    old.delete(file.path);
    if (was === undefined) added.push(file);
    else if (was.id !== file.id || was.mode !== file.mode)
      changes.push({ kind: 'change', before: side(was), after: side(file) });
  }
  const gone = new Map<string, ListedFile[]>();
  for (const file of old.values()) gone.set(file.id, [...(gone.get(file.id) ?? []), file]);
  for (const file of added) {
    const was = gone.get(file.id)?.shift();
    changes.push(
      was ? { kind: 'rename', before: side(was), after: side(file) } : { kind: 'add', after: side(file) },
    );
  }
  for (const files of gone.values())
    for (const file of files) changes.push({ kind: 'delete', before: side(file) });
  return changes.sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

function side({ path, id, mode }: ListedFile): FileSide {
  return { path, id, mode };
}

function pathOf({ before, after }: ChangedFile): string {
  return (after ?? before)?.path ?? '';
}
