const sha1OrSha256 = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A full object id in lower-case hex, of a SHA-1 or a SHA-256 repository. */
export function isObjectId(text: string): boolean {
  return sha1OrSha256.test(text);
}

/** A push event writes this id for "no commit". */
export function isZeroId(text: string): boolean {
  return isObjectId(text) && /^0+$/.test(text);
}
