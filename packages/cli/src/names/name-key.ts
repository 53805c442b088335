import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNameKeys, type WantedName } from '@holdfast/datasets';
import { ManifestError, type Signer } from '@holdfast/manifest';
import { ipnsNameOf } from '@holdfast/manifest/internal';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { secretFrom } from '../frame/secret.ts';
import { keyEnding, keyFolder } from '../keys/key-folder.ts';
import { openKey } from '../keys/signing-key.ts';

/** Apart from the keys that sign: the only key in that folder signs by default. */
export function nameKeyFolder(env: Tools['env']): string {
  return join(keyFolder(env), 'names');
}

/** The keys at hand for these names, by the IPNS name: those of `HOLDFAST_NAME_KEY`, else those at home. */
export async function nameKeys(
  names: readonly WantedName[],
  tools: Tools,
): Promise<ReadonlyMap<string, Signer>> {
  const given = await secretFrom('HOLDFAST_NAME_KEY', tools);
  if (given !== undefined) return givenKeys(given, tools);
  const keys = new Map<string, Signer>();
  for (const { dataset } of names) {
    const path = join(nameKeyFolder(tools.env), `${dataset}${keyEnding}`);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (text === undefined) continue;
    const key = await openKey(path, text, tools);
    keys.set(ipnsNameOf(key.publicKey.bytes), key);
  }
  return keys;
}

async function givenKeys(text: string, tools: Tools): Promise<ReadonlyMap<string, Signer>> {
  try {
    return await parseNameKeys(text, { password: await secretFrom('HOLDFAST_PASSWORD', tools) });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new Misuse(
      `HOLDFAST_NAME_KEY holds no usable key: ${error.message}`,
      'it expects the text of a file that holdfast name key wrote; the value is not shown',
    );
  }
}
