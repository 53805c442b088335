/** Of the 8,192 bytes that a cluster takes as a request's head, the claims, a credential and what proxies add need the rest. */
const mostBytes = 2_000;
/** A pinning service takes no more. */
const most = 20;

// IPFS Cluster takes them in one list with commas, needs the peer at the end of each, and gives its ID back in Base58.
const origin = /^(?:\/[^\s,]+)?\/p2p\/[1-9A-HJ-NP-Za-km-z]{46,53}$/;

/** A multiaddr of a node, as targets take it. */
export function isOrigin(address: string): boolean {
  return origin.test(address);
}

/**
 * Origins only save a search: those that a target would refuse, and those that do not fit in one request, are left
 * out, where the pin would be refused otherwise.
 */
export function usableOrigins(origins: Iterable<string>): string[] {
  const usable: string[] = [];
  let bytes = 0;
  for (const address of new Set(origins)) {
    if (!isOrigin(address)) continue;
    bytes += encodeURIComponent(address).length + 3;
    if (bytes > mostBytes || usable.length === most) break;
    usable.push(address);
  }
  return usable;
}

/** What of the origins asked for is not in a pin, as the end of a sentence; empty where all are. */
export function originsLeftOut(asked: readonly string[], used: readonly string[]): string {
  const left = asked.filter((address) => !used.includes(address)).length;
  return left === 0
    ? ''
    : `; leaves out ${left} of ${asked.length} origins: a pin takes ${most} and ${mostBytes} bytes of them, each a multiaddr that ends with /p2p/ and a peer ID`;
}
