// An entry of its own: who needs only a hash does not load the schema with it.
export { sha256 } from './crypto/hash.ts';
