import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePublicKey } from '@holdfast/manifest';
import { ipnsNameOf } from '@holdfast/manifest/internal';
import { escapeText } from '@holdfast/manifest/text';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { homely, keyEnding } from '../keys/key-folder.ts';
import { writeNewKey } from '../keys/new-key.ts';
import type { NameAction } from './name-command.ts';
import { nameKeyFolder } from './name-key.ts';

/** Creates the key of a name, and says what to add to the policy. */
export const keyAction: NameAction = {
  operands: 'DATASET',
  arity: [1, 1],
  async run([dataset = ''], flags, tools) {
    if (!/^[a-z0-9][a-z0-9._-]{0,127}$/.test(dataset))
      throw new Misuse(
        `name key expects the name of a dataset, got "${escapeText(dataset)}"`,
        'for example: holdfast name key tides',
      );
    const folder = nameKeyFolder(tools.env);
    const wish = { name: dataset, comment: `name ${dataset}`, encrypt: flags.password };
    const { files, key, encrypted, exposed } = await writeNewKey(
      wish,
      { privateFolder: folder, publicFolder: folder },
      tools,
    ).catch(async (error: unknown) => {
      throw (await existing(folder, dataset)) ?? error;
    });
    const name = ipnsNameOf(key.publicKey.bytes);
    return {
      exitCode: exitCode.ok,
      result: { action: 'key', dataset, name, privateKey: files.privateKey, encrypted, exposed },
      quiet: name,
      text: (paint) =>
        [
          `${paint.green('wrote')} ${escapeText(homely(files.privateKey, tools.env))} (private${encrypted ? ', encrypted' : ''}: never commit it)`,
          `${paint.bold(dataset)} has the name ${paint.bold(name)}`,
          ...(exposed
            ? [paint.yellow('the private key is in a git work tree: move it out, or add *.key to .gitignore')]
            : []),
          'next: add it to "policy" in public-keys/policy.json, in a pull request of its own:',
          `  "names": { ${JSON.stringify(dataset)}: "${name}" }`,
        ].join('\n'),
    };
  },
};

/** The key is there already: its name is what was wanted. */
async function existing(folder: string, dataset: string): Promise<Misuse | undefined> {
  const text = await readFile(join(folder, `${dataset}.pub`), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const name = ipnsNameOf(parsePublicKey(text).bytes);
  return new Misuse(
    `${escapeText(join(folder, `${dataset}${keyEnding}`))} already exists`,
    `its name is ${name}: add it to "names" in public-keys/policy.json, or move the file`,
  );
}
