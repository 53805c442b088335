import { PinningError } from '../../target/pinning-error.ts';

/**
 * Loaded on first use: it is large, and who pins elsewhere need not wait for it. Who pins elsewhere need not install it
 * either.
 */
export async function kuboLibrary() {
  try {
    return await import('./kubo-rpc.ts');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new PinningError(
      'unsupported',
      'KuboTarget needs the package kubo-rpc-client 7, which is not installed: run `npm install kubo-rpc-client@7`',
      { cause },
    );
  }
}
