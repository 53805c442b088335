/** The part of Node's `node:crypto` this package uses; absent in a browser. */
export interface NativeCrypto {
  hash?: (algorithm: string, data: Uint8Array, encoding: 'buffer') => Uint8Array<ArrayBuffer>;
  createHash(algorithm: string): NativeHash;
  createPublicKey(input: { key: Uint8Array; format: 'der'; type: 'spki' }): object;
  verify(algorithm: null, data: Uint8Array, key: object, signature: Uint8Array): boolean;
  verify(
    algorithm: null,
    data: Uint8Array,
    key: object,
    signature: Uint8Array,
    callback: (error: Error | null, valid: boolean) => void,
  ): void;
}

export interface NativeHash {
  update(data: Uint8Array): NativeHash;
  digest(): Uint8Array<ArrayBuffer>;
}

interface Runtime {
  setImmediate?: (callback: () => void) => unknown;
  process?: { getBuiltinModule?: (id: string) => unknown };
}

let found: NativeCrypto | null | undefined;

/** Found on first use: an import of `node:crypto` does not load in a browser. */
export function nativeCrypto(): NativeCrypto | undefined {
  if (found === undefined) {
    const module = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto');
    found = (module as NativeCrypto | undefined) ?? null;
  }
  return found ?? undefined;
}

/** Runs it after the code that runs now. */
export function afterThis(callback: () => void): void {
  const { setImmediate } = globalThis as Runtime;
  if (setImmediate === undefined) queueMicrotask(callback);
  else setImmediate(callback);
}

/** For the differential tests: `false` uses the portable code, `true` the runtime again. */
export function useNativeCrypto(use: boolean): void {
  found = use ? undefined : null;
}
