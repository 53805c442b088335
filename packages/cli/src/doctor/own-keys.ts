import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commandPath } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { homely, keyEnding, keyFolder, keyNames } from '../keys/key-folder.ts';
import { trustFrom } from '../keys/trust-folder.ts';
import { type Finding, Findings } from './finding.ts';

/** The private keys of this person: who else can read them, and whether they sign here. */
export async function ownKeys(named: string | undefined, tools: Tools): Promise<readonly Finding[]> {
  const found = new Findings('keys');
  const folder = keyFolder(tools.env);
  const trust = await trustFrom(tools.cwd, named).catch(() => undefined);
  for (const name of await keyNames(folder)) {
    const place = join(folder, `${name}${keyEnding}`);
    const shown = homely(place, tools.env);
    const { mode } = await stat(place);
    if (process.platform !== 'win32' && mode & 0o077)
      found.error(
        shown,
        'others on this machine can read this private key',
        `chmod 600 ${commandPath(place, 'FILE')}, and replace the key if others may have read it`,
      );
    else if (trust && !trust.trust.signers.has(name))
      found.warn(
        shown,
        `${name} is not a signer of this repository`,
        `holdfast signer add ${name}, in a pull request of its own`,
      );
    else found.ok(shown, trust ? `signs here as ${name}` : 'only you can read it');
  }
  return found.all({
    subject: homely(folder, tools.env),
    message: 'no key of yours; holdfast keygen NAME makes one',
  });
}
