import { dirname, relative, resolve, sep } from 'node:path';
import { evaluateTrust, hasErrors, type Manifest, type Problem } from '@holdfast/manifest';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { readCommitted } from '../repository/committed.ts';
import { trustFrom } from './trust-folder.ts';

/** The signers whose signatures count for a manifest, or the problems that say why they do not suffice. */
export type Signers = { readonly signedBy: readonly string[] } | { readonly problems: readonly Problem[] };

/**
 * Who vouches for a manifest whose content is about to be used, by the named folder of keys or the nearest one.
 * Without any key nobody can tell, so a person has to say that they want the content unchecked.
 */
export async function signersOf(
  file: { readonly path: string; readonly text: string },
  manifest: Manifest,
  publicKeys: string | undefined,
  tools: Tools,
): Promise<Signers> {
  const place = resolve(tools.cwd, file.path);
  const loaded = await trustFrom(tools.cwd, publicKeys, dirname(place));
  if (loaded === undefined) {
    throw new Misuse(
      `no folder public-keys is near ${escapeText(file.path)} to check its signatures with`,
      'name the folder with --public-keys DIR, or download unchecked with --unsigned',
    );
  }
  const path = relative(loaded.root, place).split(sep).join('/');
  const judged = { path, manifest };
  const now = evaluateTrust(judged, loaded.trust, tools.clock());
  if (now.ok && !hasErrors(loaded.problems)) return { signedBy: now.signedBy };
  const merged = evaluateTrust(judged, loaded.trust, 'merged');
  if (merged.ok && !hasErrors(loaded.problems) && (await isCommitted({ ...file, path }, loaded.root)))
    return { signedBy: merged.signedBy };
  return { problems: [...loaded.problems, ...now.problems.map((found) => shownAt(found, file.path))] };
}

function shownAt(problem: Problem, file: string): Problem {
  const hint = problem.hint ?? `holdfast verify ${commandPath(file, 'FILE')} says more`;
  return { ...problem, file, hint };
}

/** What was merged in time stays valid after the validity window of its signer. */
async function isCommitted(
  file: { readonly path: string; readonly text: string },
  root: string,
): Promise<boolean> {
  const committed = await readCommitted(root, 'HEAD').catch((error: unknown) => {
    if (!(error instanceof Misuse)) throw error;
  });
  return committed?.manifests.some(({ path, text }) => path === file.path && text === file.text) ?? false;
}
