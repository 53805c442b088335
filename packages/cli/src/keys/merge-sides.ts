import { relative } from 'node:path';
import { escapeText } from '@holdfast/manifest/text';
import { readUnmerged } from '@holdfast/repository';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd, readDocumentOperand, readOperand } from '../frame/operand-file.ts';
import { conflictSides } from '../manifest/conflict-sides.ts';
import { manifestPath } from '../manifest/dataset-name.ts';
import { workTreeAround } from '../repository/work-tree.ts';
import { type SignableFile, signableFrom } from './signable.ts';

/** Three versions of one file, and where the merged one goes. */
export interface MergeSides {
  /** As messages name it, and as the rules of the policy find it. */
  readonly path: string;
  readonly output: string;
  /** Absent if the file is new on both sides, or was not readable there. */
  readonly base?: SignableFile;
  readonly ours: SignableFile;
  readonly theirs: SignableFile;
}

const maxBytes = 16 * 1024 * 1024;

/** The three files that git gives a merge driver. */
export async function sidesNamed(
  cwd: string,
  [base, ours, theirs]: readonly [string, string, string],
  named: string | undefined,
): Promise<MergeSides> {
  const path = named ?? ours;
  const read = async (file: string) => sideOf(path, await readOperand(cwd, file));
  const [before, left, right] = await Promise.all([read(base), read(ours), read(theirs)]);
  return {
    path,
    output: ours,
    ours: left,
    theirs: right,
    ...(before.signable !== undefined && { base: before }),
  };
}

/** The sides of a file in conflict: as git keeps them, else as its markers show them. */
export async function sidesInConflict(cwd: string, operand: string): Promise<MergeSides> {
  const path = await manifestPath(cwd, operand);
  const { text } = await readDocumentOperand(cwd, path);
  const kept = await keptByGit(cwd, path);
  const shown = conflictSides(text);
  const ours = kept?.ours ?? (shown && encode(shown.ours));
  const theirs = kept?.theirs ?? (shown && encode(shown.theirs));
  if (ours === undefined || theirs === undefined) {
    throw kept === undefined
      ? new Misuse(
          `${escapeText(path)} has no conflict`,
          'merge takes a file that git could not merge, or three files: BASE OURS THEIRS',
        )
      : new Misuse(
          `one side removed ${escapeText(path)}, the other changed it`,
          'a merged manifest is never just removed: keep it with git add, or withdraw the dataset with holdfast revise --withdraw REASON',
        );
  }
  const base = kept === undefined ? encode(shown?.base ?? '') : kept.base;
  const before = base === undefined ? undefined : sideOf(path, base);
  return {
    path,
    output: path,
    ours: sideOf(path, ours),
    theirs: sideOf(path, theirs),
    ...(before?.signable !== undefined && { base: before }),
  };
}

async function keptByGit(cwd: string, path: string) {
  const tree = await workTreeAround(cwd);
  const file = tree && relative(tree.root, fromCwd(cwd, path));
  if (tree === undefined || file === undefined || file.startsWith('..')) return undefined;
  return readUnmerged(tree.root, file, maxBytes);
}

function sideOf(path: string, bytes: Uint8Array): SignableFile {
  return signableFrom(path, bytes, new TextDecoder().decode(bytes));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
