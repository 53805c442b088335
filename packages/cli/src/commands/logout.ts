import { commandPath, escapeText } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { removeCredential } from '../pinning/kept-credential.ts';

export const logout = defineCommand({
  operands: 'NAME',
  names: 'targets',
  arity: [1, 1],
  flags: {},
  about: 'Removes the credential that holdfast login kept. The target stays in its file.',
  examples: [{ about: 'forget the credential of lab', command: 'holdfast logout lab' }],
  async run({ operands: [name = ''] }, tools) {
    // The name becomes the name of a file.
    const known = /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) && (await removeCredential(name, tools));
    if (!known)
      throw new Misuse(
        `no credential is kept for ${escapeText(name)}`,
        `holdfast login ${commandPath(name, 'NAME')} keeps one`,
      );
    return {
      exitCode: exitCode.ok,
      result: { name },
      quiet: name,
      text: (paint) => `${paint.green('✓')} the credential of ${paint.bold(escapeText(name))} is removed`,
    };
  },
});
