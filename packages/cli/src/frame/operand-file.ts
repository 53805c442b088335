import { open, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, parse, relative, resolve, sep } from 'node:path';
import { bytes, escapeText, nearest } from '@holdfast/manifest/text';
import { Misuse } from './misuse.ts';

// Manifests, policies and keys are far smaller. A dataset or a device named by mistake is not read into memory.
const most = 16 * 1024 * 1024;

/** The bytes of a manifest, policy or key named on the command line. */
export async function readOperand(cwd: string, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    await using file = await open(resolve(cwd, path));
    const { size } = await file.stat();
    if (size > most) throw tooLarge(path, bytes(size));
    for await (const chunk of file.createReadStream({ end: most })) chunks.push(chunk as Uint8Array);
  } catch (error) {
    throw await unreadable(cwd, path, error, 'file');
  }
  const whole = Buffer.concat(chunks);
  if (whole.length > most) throw tooLarge(path, `more than ${bytes(most)}`);
  return whole;
}

/** The text of a manifest or policy. A private key is refused before an excerpt under a problem can show it. */
export async function readDocumentOperand(
  cwd: string,
  path: string,
): Promise<{ bytes: Uint8Array; text: string }> {
  const bytes = await readOperand(cwd, path);
  const text = new TextDecoder().decode(bytes);
  if (!/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(text)) return { bytes, text };
  throw new Misuse(
    `${escapeText(path)} holds a private key, expected a manifest`,
    'name the manifest itself, for example manifests/tides-v1.0.0.json; --key is for the key to sign with',
  );
}

function tooLarge(path: string, size: string): Misuse {
  return new Misuse(
    `${escapeText(path)} is ${size}, too large for a manifest, policy or key`,
    'name the manifest itself, for example manifests/tides-v1.0.0.json',
  );
}

/** Whether a path named on the command line is a file or a folder. */
export async function kindOfOperand(cwd: string, path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(resolve(cwd, path))).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    throw await unreadable(cwd, path, error, 'file or folder');
  }
}

async function unreadable(cwd: string, path: string, error: unknown, what: string): Promise<Error> {
  if (error instanceof Misuse) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const near = await similar(cwd, path);
    return new Misuse(
      `there is no ${what} ${escapeText(path)}${near ? `; did you mean ${escapeText(near)}?` : ''}`,
      near ? undefined : `relative paths start at ${escapeText(cwd)}`,
    );
  }
  if (code === 'EISDIR') {
    return new Misuse(
      `${escapeText(path)} is a folder, expected a file`,
      'name the manifest itself, for example manifests/tides-v1.0.0.json',
    );
  }
  return error as Error;
}

/** The nearest path that exists: the most similar name replaces each segment that does not exist. */
async function similar(cwd: string, path: string): Promise<string | undefined> {
  let at = isAbsolute(path) ? parse(path).root : cwd;
  for (const segment of normalize(relative(at, resolve(cwd, path))).split(sep)) {
    const names = segment === '..' ? [segment] : await readdir(at).catch(() => []);
    const found = names.includes(segment) ? segment : nearest(segment, names);
    if (found === undefined) return undefined;
    at = join(at, found);
  }
  return relative(cwd, at);
}

/** The full path of one on the command line. */
export function fromCwd(cwd: string, path: string): string {
  return resolve(cwd, path);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
