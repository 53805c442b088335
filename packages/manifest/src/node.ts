export { type KeyPairFiles, writeKeyPair } from './key-files.ts';
