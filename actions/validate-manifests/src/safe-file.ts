import { closeSync, constants, lstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { Misuse } from '@holdfast/action-kit';

/** Writes a file where the workflow says. Inside the work tree no part of the path may be a link: a pull request could point it anywhere. */
export function writeSafely(workspace: string, path: string, text: string): void {
  const target = resolve(workspace, path);
  const inside = relative(workspace, target);
  const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  if (outside && !isAbsolute(path))
    throw new Misuse([
      `input "sarif-file" expected a path in the work tree or an absolute one, got ${JSON.stringify(path)}`,
    ]);
  if (!outside) refuseObstacles(workspace, inside, path);
  mkdirSync(dirname(target), { recursive: true });
  const descriptor = openSync(
    target,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0),
    0o644,
  );
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

function refuseObstacles(workspace: string, inside: string, path: string): void {
  const target = resolve(workspace, inside);
  let folder = workspace;
  for (const segment of inside.split(sep)) {
    folder = resolve(folder, segment);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw refusal(path, 'leads through a symbolic link of the work tree');
    if (folder === target ? !found.isFile() : !found.isDirectory())
      throw refusal(path, `expected a file in folders, and ${relative(workspace, folder)} is not`);
  }
}

function refusal(path: string, why: string): Misuse {
  return new Misuse([`input "sarif-file" ${JSON.stringify(path)} ${why}; it is not written`]);
}
