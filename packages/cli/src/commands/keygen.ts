import { escapeText } from '@holdfast/manifest/text';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { homely } from '../keys/key-folder.ts';
import { createKey } from '../keys/new-key.ts';

export const keygen = defineCommand({
  operands: 'NAME',
  arity: [1, 1],
  flags: {
    output: { type: 'string', short: 'o', value: 'DIR', about: 'folder for both halves' },
    password: {
      type: 'boolean',
      about: 'encrypt the private key: asks for a password; with HOLDFAST_PASSWORD it always is',
    },
    comment: {
      type: 'string',
      value: 'TEXT',
      about: 'comment in the public key, for example your e-mail address',
    },
  },
  about:
    'Writes the public half to public-keys/NAME.pub, which you commit: the file name is the signer. Writes the private half to ~/.config/holdfast/keys, or to $HOLDFAST_KEYS. Encrypts it with HOLDFAST_PASSWORD if that is set. Never overwrites a file.',
  examples: [
    { about: 'a key for alice', command: 'holdfast keygen alice' },
    { about: 'with a password', command: 'holdfast keygen alice --password' },
    { about: 'both halves in a folder of your choice', command: 'holdfast keygen ci -o ~/holdfast-ci' },
  ],
  async run({ operands: [name = ''], flags }, tools) {
    const key = await createKey(
      { name, folder: flags.output, comment: flags.comment, encrypt: flags.password },
      tools,
    );
    return {
      exitCode: exitCode.ok,
      result: key,
      quiet: key.keyid,
      text: (paint) =>
        [
          `${paint.green('wrote')} ${paint.bold(escapeText(key.publicKey))}  ${key.keyid}`,
          `${paint.green('wrote')} ${escapeText(homely(key.privateKey, tools.env))} (private${key.encrypted ? ', encrypted' : ''}: never commit it)`,
          ...(key.exposed
            ? [paint.yellow('the private key is in a git work tree: move it out, or add *.key to .gitignore')]
            : []),
          `next: commit ${escapeText(key.publicKey)} in a pull request of its own`,
        ].join('\n'),
    };
  },
});
