import { parsePrivateKey, type Signer } from '@holdfast/manifest';
import { ipnsNameOf } from '@holdfast/manifest/internal';

const pem = /-----BEGIN ([A-Z ]+)-----[^-]*-----END \1-----/g;

/**
 * Keys of names by the IPNS name of each: one private key or several, one after the other, as `holdfast name key` writes
 * them. What is not a key throws a `ManifestError`, which never shows the text.
 */
export async function parseNameKeys(
  text: string,
  options: { readonly password?: string | undefined } = {},
): Promise<Map<string, Signer>> {
  const { password } = options;
  const texts = text.match(pem) ?? [text];
  const keys = await Promise.all(
    texts.map((one) => parsePrivateKey(`${one.trim()}\n`, password === undefined ? {} : { password })),
  );
  return new Map(keys.map((key) => [ipnsNameOf(key.publicKey.bytes), key]));
}
