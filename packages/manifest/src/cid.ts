// An entry of its own: who needs only to read a CID does not load the schema with it.
export { type CidParts, cidV1, encodeCid, parseCid, rawCid } from './manifest/cid.ts';
