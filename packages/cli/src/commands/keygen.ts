import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { printable } from '../frame/printable.ts';
import { homely } from '../keys/key-folder.ts';
import { createKey } from '../keys/new-key.ts';

export const keygen = defineCommand({
  name: 'keygen',
  summary: 'make a key to sign with',
  operands: 'NAME',
  arity: [1, 1],
  flags: {
    output: { type: 'string', short: 'o', value: 'DIR', about: 'write both halves there' },
    password: { type: 'boolean', about: 'encrypt the private key; asked for, or from HOLDFAST_PASSWORD' },
    comment: {
      type: 'string',
      value: 'TEXT',
      about: 'a word in the public key, for example your e-mail address',
    },
  },
  about:
    'The public half goes to public-keys/NAME.pub, which is committed: the file name is the signer. The private half goes to ~/.config/holdfast/keys, or HOLDFAST_KEYS. Nothing is ever written over.',
  examples: [
    { about: 'a key for alice', command: 'holdfast keygen alice' },
    { about: 'one with a password', command: 'holdfast keygen alice --password' },
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
          `${paint.green('wrote')} ${paint.bold(printable(key.publicKey))}  ${key.keyid}`,
          `${paint.green('wrote')} ${printable(homely(key.privateKey, tools.env))} (private${key.encrypted ? ', encrypted' : ''}: never commit it)`,
          ...(key.exposed
            ? [
                paint.yellow(
                  'the private key lies in a git work tree: move it out, or add *.key to .gitignore',
                ),
              ]
            : []),
          `next: commit ${printable(key.publicKey)} in a pull request of its own`,
        ].join('\n'),
    };
  },
});
