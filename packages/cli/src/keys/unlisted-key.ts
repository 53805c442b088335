import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parsePublicKeys } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import type { LoadedTrust } from './trust-folder.ts';

/** Why a key belongs to no signer of the repository, and what changes that. */
export async function whyUnlisted(
  keyid: string,
  loaded: LoadedTrust | undefined,
  { cwd }: Pick<Tools, 'cwd'>,
): Promise<string> {
  const own = 'in a pull request of its own';
  if (loaded === undefined)
    return `the key is not in public-keys, a folder that is not there yet: add its .pub file, ${own}`;
  const shown = escapeText(loaded.folder);
  const folder = resolve(cwd, loaded.folder);
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const file = await fileOf(keyid, folder, names);
  const hasPolicy = names.includes('policy.json');
  if (file === undefined) {
    const also = hasPolicy ? ` and name it under "signers" in ${shown}/policy.json` : '';
    return `the key is not in ${shown}: add its .pub file${also}, ${own}`;
  }
  return hasPolicy
    ? `${shown}/policy.json does not name ${escapeText(file)}: add it under "signers" and to a rule, ${own}`
    : `${shown}/${escapeText(file)} is not usable yet: holdfast check says why`;
}

async function fileOf(keyid: string, folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names.filter((each) => each.endsWith('.pub')).sort()) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (keyidsIn(text).includes(keyid)) return name;
  }
  return undefined;
}

function keyidsIn(text: string): readonly string[] {
  try {
    return parsePublicKeys(text).map((key) => key.keyid);
  } catch {
    return [];
  }
}
