import { open, unlink } from 'node:fs/promises';
import { ManifestError } from '../error.ts';
import type { PrivateKey } from '../keys/private-key.ts';
import { type EncodeOptions, encodePrivateKey } from '../keys/private-key-file.ts';
import { formatPublicKey } from '../keys/public-key.ts';

export interface KeyPairFiles {
  /** PKCS#8 PEM, mode 0600. */
  readonly privateKey: string;
  /** An OpenSSH line, mode 0644. */
  readonly publicKey: string;
}

/**
 * Writes a key pair to two new files. An existing file is never replaced: the error is `key/exists`, and no file is left behind.
 *
 * @example
 * ```ts
 * const files = { privateKey: 'bob.key', publicKey: 'public-keys/bob.pub' };
 * await writeKeyPair(generateKey(), files, { password: 'correct horse' });
 * ```
 */
export async function writeKeyPair(
  key: PrivateKey,
  files: KeyPairFiles,
  options: EncodeOptions = {},
): Promise<void> {
  const secret = await encodePrivateKey(key, options);
  await writeNew(files.privateKey, secret, 0o600);
  try {
    await writeNew(files.publicKey, `${formatPublicKey(key.publicKey)}\n`, 0o644);
  } catch (cause) {
    await unlink(files.privateKey);
    throw cause;
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    const hint = 'choose another name, or move the file';
    throw new ManifestError('key/exists', `${path} already exists`, { hint, cause });
  });
  try {
    // The umask removes bits from the mode given to open.
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    // Half a key is useless, and would block the next attempt.
    await unlink(path);
    throw cause;
  } finally {
    await file.close();
  }
}
