// Functions that read and write files, for Node.
export { type FileManifest, readManifests } from './node/read-manifests.ts';
export { readTrust, readTrustFiles } from './node/read-trust.ts';
export { type KeyPairFiles, writeKeyPair } from './node/write-key-pair.ts';
