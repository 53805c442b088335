// A separate entry: who only reads CIDs does not load the schema.
export { type CidParts, cidV1, encodeCid, parseCid, rawCid } from './manifest/cid.ts';
