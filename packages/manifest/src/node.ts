import { open, unlink } from 'node:fs/promises';
import { ManifestError } from './error.ts';
import type { PrivateKey } from './keys/private-key.ts';
import { type EncodeOptions, encodePrivateKey } from './keys/private-key-file.ts';
import { formatPublicKey } from './keys/public-key.ts';

export interface KeyPairFiles {
  /** PKCS#8 PEM, mode 0600. */
  readonly privateKey: string;
  /** An OpenSSH line, mode 0644. */
  readonly publicKey: string;
}

/** Writes a key pair to two new files. A file that exists is never written over: the error is `key/exists`, and nothing is left behind. */
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
    const hint = 'choose another name, or move the file away';
    throw new ManifestError('key/exists', `${path} exists already and is not written over`, { hint, cause });
  });
  try {
    // The mode given to open is lessened by the umask; a wide umask must not matter, nor a narrow one.
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    // Half a key is no key, and would keep a whole one from being written.
    await unlink(path);
    throw cause;
  } finally {
    await file.close();
  }
}
