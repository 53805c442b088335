import { mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { generateKey, ManifestError, type PrivateKey } from '@holdfast/manifest';
import { writeKeyPair } from '@holdfast/manifest/node';
import { escapeText } from '@holdfast/manifest/text';
import { askNewPassword } from '../frame/ask.ts';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { fromCwd } from '../frame/operand-file.ts';
import { secretFrom } from '../frame/secret.ts';
import { unwritten } from '../frame/whole-file.ts';
import { workTreeAround } from '../repository/work-tree.ts';
import { keyEnding, keyFolder } from './key-folder.ts';

export interface NewKey {
  readonly keyid: string;
  /** A full path. */
  readonly privateKey: string;
  /** Relative to the current folder. */
  readonly publicKey: string;
  readonly encrypted: boolean;
  /** The private key is in a work tree that would commit it. */
  readonly exposed: boolean;
}

export interface KeyWish {
  readonly name: string;
  /** The folder of both halves. Default: the private one in the keys folder, the public one in `public-keys`. */
  readonly folder?: string | undefined;
  readonly comment?: string | undefined;
  readonly encrypt: boolean;
}

export async function createKey({ name, folder, comment, encrypt }: KeyWish, tools: Tools): Promise<NewKey> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new Misuse(
      `a signer's name has letters, digits, ".", "_" and "-", got "${escapeText(name)}"`,
      'it becomes a file name, for example public-keys/alice.pub',
    );
  }
  const tree = await workTreeAround(tools.cwd);
  const publicFolder =
    folder === undefined ? join(tree?.root ?? tools.cwd, 'public-keys') : fromCwd(tools.cwd, folder);
  const privateFolder = folder === undefined ? keyFolder(tools.env) : publicFolder;
  const made = await writeNewKey({ name, comment, encrypt }, { privateFolder, publicFolder }, tools);
  return {
    keyid: made.key.publicKey.keyid,
    privateKey: made.files.privateKey,
    publicKey: relative(tools.cwd, made.files.publicKey),
    encrypted: made.encrypted,
    exposed: made.exposed,
  };
}

export interface WrittenKey {
  readonly key: PrivateKey;
  readonly files: { readonly privateKey: string; readonly publicKey: string };
  readonly encrypted: boolean;
  readonly exposed: boolean;
}

/** A new key, its halves in these two folders. An existing file is never replaced. */
export async function writeNewKey(
  { name, comment, encrypt }: Omit<KeyWish, 'folder'>,
  { privateFolder, publicFolder }: { readonly privateFolder: string; readonly publicFolder: string },
  tools: Tools,
): Promise<WrittenKey> {
  // Who sets a password means it, whatever else is said.
  const given = await secretFrom('HOLDFAST_PASSWORD', tools);
  const password = given ?? (encrypt ? await newPassword(tools) : undefined);
  if (given !== undefined && !encrypt)
    tools.note('the key is encrypted with the password in HOLDFAST_PASSWORD');
  await mkdir(publicFolder, { recursive: true });
  await mkdir(privateFolder, { recursive: true, mode: 0o700 });
  const key = generateKey(undefined, comment ?? name);
  const files = {
    privateKey: join(privateFolder, `${name}${keyEnding}`),
    publicKey: join(publicFolder, `${name}.pub`),
  };
  await writeKeyPair(key, files, password === undefined ? {} : { password }).catch((error: unknown) => {
    if (error instanceof ManifestError && error.code === 'key/exists') {
      const hint = `choose another name; to use that key here too, copy its ${name}.pub into public-keys`;
      throw new Misuse(error.message, hint);
    }
    if (error instanceof ManifestError) throw error;
    throw unwritten(`the key pair in ${privateFolder} and ${publicFolder}`, error as NodeJS.ErrnoException);
  });
  return {
    key,
    files,
    encrypted: password !== undefined,
    exposed: await wouldBeCommitted(files.privateKey),
  };
}

async function newPassword(tools: Tools): Promise<string> {
  if (tools.interactive) return askNewPassword(tools);
  throw new Misuse(
    '--password needs a password and there is no terminal to ask on',
    'set HOLDFAST_PASSWORD, or HOLDFAST_PASSWORD_FILE to a file that holds it',
  );
}

/** True in a work tree whose .gitignore does not ignore keys. */
async function wouldBeCommitted(path: string): Promise<boolean> {
  const tree = await workTreeAround(join(path, '..'));
  if (!tree) return false;
  const ignored = await readFile(join(tree.root, '.gitignore'), 'utf8').catch(() => '');
  return !/^\*\.key\s*$/m.test(ignored);
}
