/** Kubo takes 255 bytes, a pinning service 255 characters. */
export const mostNameBytes = 255;

/** A name as every target takes it, cut where it is too long: it is a label, and no reason to be without copies. */
export function pinName(name: string): string {
  if (Buffer.byteLength(name) <= mostNameBytes) return name;
  const room = new Uint8Array(mostNameBytes - Buffer.byteLength('…'));
  return `${name.slice(0, new TextEncoder().encodeInto(name, room).read)}…`;
}
