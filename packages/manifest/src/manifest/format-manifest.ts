/**
 * The text of a manifest or policy file: JSON with two spaces, and a line feed at the end. The signatures do not depend on it.
 *
 * @example
 * ```ts
 * readManifest(new TextEncoder().encode(formatManifest(manifest))).ok; // => true
 * ```
 */
export function formatManifest(document: { readonly signatures: readonly unknown[] }): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
