import { readFileSync } from 'node:fs';

/** The cases of a file of `vectors/`. */
export function vectors<T>(name: string): readonly T[] {
  return vectorFile<{ cases: readonly T[] }>(name).cases;
}

export function vectorFile<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

export interface SignatureCase {
  readonly name: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  readonly accepted: boolean;
}

/** Every Ed25519 case there is, public and our own. */
export function signatureCases(): readonly SignatureCase[] {
  return ['ed25519-rfc8032', 'ed25519-speccheck', 'ed25519-strict'].flatMap((name) =>
    vectors<SignatureCase>(name),
  );
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
