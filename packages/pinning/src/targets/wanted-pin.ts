import { isOrigin } from '../target/origins.ts';
import { PinningError } from '../target/pinning-error.ts';
import type { WantedPin } from '../target/target.ts';

// RFC 3339 with a date that exists; what Go's parser takes as well.
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
// Base58, as libp2p spells peer IDs, or a CID of the key.
const peerId = /^[1-9A-HJ-NP-Za-km-z]{46,53}$|^(bafz|k51)[0-9a-z]+$/;

/**
 * Checked here and not left to targets: IPFS Cluster answers 400 to some wrong options and makes the pin all
 * the same, without them, and ignores others in silence. A target whose peers have IDs of its own gives them.
 */
export function assertWantedPin(pin: WantedPin, own: readonly string[] = []): void {
  const { min, max, expires, origins, metadata, allocations = [] } = pin;
  const everywhere = min === -1 && max === -1;
  const sensible = Number.isSafeInteger(min) && Number.isSafeInteger(max) && min >= 1 && max >= min;
  if (!everywhere && !sensible) {
    fail('min and max', '1 or more copies with min at most max, or -1 for both', `${min} and ${max}`);
  }
  if (expires !== undefined && (!timestamp.test(expires) || Number.isNaN(Date.parse(expires)))) {
    fail('expires', 'an RFC 3339 time such as 2027-01-01T00:00:00Z', expires);
  }
  for (const address of origins) {
    if (!isOrigin(address)) {
      fail('origins', 'multiaddrs without commas that end in /p2p/ and a peer ID in Base58', address);
    }
  }
  for (const id of allocations)
    if (!own.includes(id) && !peerId.test(id)) fail('allocations', 'peer IDs', id);
  if (Object.hasOwn(metadata, '')) fail('metadata', 'keys that are not empty', '""');
}

function fail(field: string, expected: string, got: string): never {
  throw new PinningError('invalid', `${field} expected ${expected}, got ${got.slice(0, 200)}`);
}
