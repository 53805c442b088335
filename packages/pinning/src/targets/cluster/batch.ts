// The engine refuses headers above `max_header_bytes`, 4,096 by default, with 431. In fact Go reads about as
// much again before it does, depending on how the bytes arrive, so only the documented limit is safe.
const maxHeaderBytes = 4_096;
// Method, protocol version, host, accept, a JWT, and what proxies add; the rest holds 50 CIDs, as many as are looked at at once.
const reservedBytes = 992;

/** CIDs in groups whose query fits into one request's head, and of at most as many as `most` says by then. */
export function* batches(
  cids: Iterable<string>,
  most: () => number = () => Number.POSITIVE_INFINITY,
): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const cid of cids) {
    // A comma is three bytes once it is escaped.
    const added = cid.length + 3;
    if (batch.length > 0 && (batch.length >= most() || bytes + added > maxHeaderBytes - reservedBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(cid);
    bytes += added;
  }
  if (batch.length > 0) yield batch;
}
