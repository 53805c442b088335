import { git } from '../git/git-command.ts';
import { notFound } from './answer.ts';

const statusNames: Record<string, string> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'modified',
};

/** The files that differ between the merge base of two commits and the second of them. */
export async function changedFiles(
  folder: string | undefined,
  base: string,
  head: string,
): Promise<object[]> {
  if (!folder) throw notFound();
  const text = await git(['diff', '--raw', '--no-abbrev', '-z', '-M', `${base}...${head}`], {
    cwd: folder,
  }).catch(() => {
    throw notFound();
  });
  const fields = text.split('\0').filter(Boolean);
  const files: object[] = [];
  while (fields.length > 0) {
    const [, , , sha, status = ''] = (fields.shift() ?? '').split(' ');
    const from = fields.shift();
    const renamed = status.startsWith('R');
    files.push({
      sha,
      filename: renamed ? fields.shift() : from,
      status: statusNames[status[0] ?? ''] ?? 'changed',
      ...(renamed ? { previous_filename: from } : {}),
    });
  }
  return files;
}
