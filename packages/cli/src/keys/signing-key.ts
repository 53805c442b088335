import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ManifestError, type PrivateKey, parsePrivateKey } from '@holdfast/manifest';
import { commandPath, escapeText, nearest } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists, fromCwd, readOperand } from '../frame/operand-file.ts';
import { secretFrom } from '../frame/secret.ts';
import { keyEnding, keyFolder, keyNames } from './key-folder.ts';

/** The private key that signs: the named one, else `HOLDFAST_KEY`, else the only one in the keys folder. */
export async function signingKey(named: string | undefined, tools: Tools): Promise<PrivateKey> {
  const { path, text } = await keyText(named ?? (tools.env.HOLDFAST_KEY || undefined), tools);
  const { mode } = await stat(fromCwd(tools.cwd, path));
  if (process.platform !== 'win32' && mode & 0o077)
    tools.note(
      `others on this machine can read ${escapeText(path)}\n  help: chmod 600 ${commandPath(path, 'FILE')}`,
    );
  return openKey(path, text, tools);
}

interface KeyText {
  readonly path: string;
  readonly text: string;
}

async function keyText(named: string | undefined, tools: Tools): Promise<KeyText> {
  const folder = keyFolder(tools.env);
  const names = await keyNames(folder);
  if (named === undefined) {
    const [only, second] = names;
    if (only === undefined) {
      throw new Misuse(
        'there is no key to sign with',
        'holdfast keygen NAME creates one; --ssh ~/.ssh/id_ed25519 signs with your SSH key',
      );
    }
    if (second !== undefined)
      throw new Misuse(
        `which key? You have ${names.map(escapeText).join(', ')}`,
        `add --key ${commandPath(only, 'FILE')}, or set HOLDFAST_KEY`,
      );
    return inFolder(folder, only);
  }
  // A bare name is a key. A file of the same name is ./NAME.
  if (names.includes(named)) return inFolder(folder, named);
  if (await exists(fromCwd(tools.cwd, named))) {
    const text = new TextDecoder().decode(await readOperand(tools.cwd, named));
    if (/^ssh-ed25519 /.test(text) || named.endsWith('.pub')) {
      throw new Misuse(
        `${escapeText(named)} is a public key; signing needs the private one`,
        'for a key in an SSH agent, use --ssh with its .pub file',
      );
    }
    return { path: named, text };
  }
  const near = nearest(named, names);
  throw new Misuse(
    `there is no key ${escapeText(named)}${near ? `; did you mean ${near}?` : ''}`,
    names.length > 0
      ? `keys in ${escapeText(folder)}: ${names.map(escapeText).join(', ')}`
      : 'holdfast keygen NAME creates one',
  );
}

async function inFolder(folder: string, name: string): Promise<KeyText> {
  const path = join(folder, `${name}${keyEnding}`);
  return { path, text: await readFile(path, 'utf8') };
}

/** Asks for a password only if the key needs one. */
export async function openKey(path: string, text: string, tools: Tools): Promise<PrivateKey> {
  const given = await secretFrom('HOLDFAST_PASSWORD', tools);
  for (let tries = 0; ; tries++) {
    const asked =
      tries > 0 && given === undefined
        ? await tools.stdin.ask(`Password for ${escapeText(path)}: `, { hidden: true })
        : given;
    try {
      return await parsePrivateKey(text, asked === undefined ? {} : { password: asked });
    } catch (error) {
      const again = given === undefined && tools.interactive && tries < 3;
      if (again && isPasswordError(error)) {
        if (tries > 0) tools.note('wrong password');
        continue;
      }
      throw keyMisuse(error, path);
    }
  }
}

function isPasswordError(error: unknown): boolean {
  return (
    error instanceof ManifestError &&
    (error.code === 'key/password-needed' || error.code === 'key/wrong-password')
  );
}

function keyMisuse(error: unknown, path: string): unknown {
  if (!(error instanceof ManifestError)) return error;
  const hints: Partial<Record<typeof error.code, string>> = {
    'key/password-needed':
      'holdfast asks for it on a terminal; elsewhere set HOLDFAST_PASSWORD or HOLDFAST_PASSWORD_FILE',
    'key/wrong-password':
      'check HOLDFAST_PASSWORD; a lost password cannot be recovered: create a new key with holdfast keygen',
    'key/openssh-encrypted': `run: holdfast sign FILE --ssh ${commandPath(path, 'KEY')}`,
  };
  return new Misuse(`${escapeText(path)}: ${error.message}`, hints[error.code] ?? error.hint);
}
