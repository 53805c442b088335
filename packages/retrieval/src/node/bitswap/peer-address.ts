/**
 * The addresses of a peer that can be dialled from here: over TCP, with its ID at the end, those of the machine itself last. A node
 * tells all its addresses, also ones that mean something else, or nothing, to others.
 */
export function dialable(id: string, addresses: readonly string[]): string[] {
  const own = new RegExp(`^(/(?:ip4|ip6|dns|dns4|dns6)/[^/]+/tcp/\\d+)(?:/p2p/${id})?$`);
  const usable = addresses.flatMap((address) => own.exec(address)?.[1] ?? []);
  const sorted = [...new Set(usable)].sort((a, b) => farness(a) - farness(b));
  return sorted.map((address) => `${address}/p2p/${id}`);
}

/** Public addresses first, then those of a private network, then the machine itself. */
function farness(address: string): number {
  if (/^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address)) return 2;
  if (/^\/ip4\/(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)|^\/ip6\/f[cde]/.test(address))
    return 1;
  return 0;
}
