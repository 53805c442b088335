// A separate entry: who needs only a hash does not load the schema.
export { sha256 } from './crypto/hash.ts';
