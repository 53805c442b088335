// For a web page: whether these are the bytes that the owner of the key signed.
import { parsePublicKey, readManifest, sha256, verifyManifest } from '@holdfast/manifest';

export function verifyFile(
  manifest: Uint8Array,
  publicKey: string,
  path: string,
  bytes: Uint8Array,
): boolean {
  const read = readManifest(manifest);
  if (!read.ok || !verifyManifest(read.manifest, [parsePublicKey(publicKey)]).ok) return false;
  const listed = read.manifest.dataset.files?.find((file) => file.path === path);
  const hex = Array.from(sha256(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return listed?.size === bytes.length && listed.sha256 === hex;
}
