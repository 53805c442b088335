import { readClaims } from '../../target/claim-metadata.ts';
import { PinningError } from '../../target/pinning-error.ts';
import type { WantedPin } from '../../target/target.ts';

/**
 * All of a pin is in the address of its request, and how long that may be is up to the peer and to what stands before it:
 * 8,192 bytes of head with what IPFS Cluster 1.0.8 comes with, some 180 claims.
 */
export function longPin(error: unknown, cid: string, pin: WantedPin): unknown {
  const refused = error instanceof PinningError && (error.status === 431 || error.status === 414);
  if (!refused) return error;
  const { code, endpoint, status, message } = error;
  const wanted = readClaims({ ...pin, allocations: [] }).length;
  const why = `the pin of ${cid} carries the claims of ${wanted} datasets, more than the peer takes in a request`;
  const help =
    'withdraw versions that nobody needs, or raise max_header_bytes of restapi in the service.json of the peers';
  return new PinningError(code, `${why}: ${help} (${message})`, {
    cause: error,
    ...(endpoint !== undefined && { endpoint }),
    ...(status !== undefined && { status }),
  });
}
