/** Of the 4,096 bytes that a cluster takes as a request's head, the claims, a credential and what proxies add need the rest. */
const mostBytes = 2_000;

// IPFS Cluster takes them in one list with commas, and needs the peer at the end of each.
const origin = /^\/[^\s,]+\/p2p\/(?:[1-9A-HJ-NP-Za-km-z]+|(?:bafz|k51)[0-9a-z]+)$/;

/** A multiaddr of a node, as targets take it. */
export function isOrigin(address: string): boolean {
  return origin.test(address);
}

/**
 * Origins only save a search: those that a target would refuse, and those that one request has no room for, are left
 * out, where the pin would be refused otherwise.
 */
export function usableOrigins(origins: Iterable<string>): string[] {
  const usable: string[] = [];
  let bytes = 0;
  for (const address of new Set(origins)) {
    if (!isOrigin(address)) continue;
    bytes += encodeURIComponent(address).length + 3;
    if (bytes > mostBytes) break;
    usable.push(address);
  }
  return usable;
}
