// Prints the verdict on every Ed25519 vector, natively and portably, for the runtime that runs it.
import { verifyEd25519 } from '@holdfast/manifest';
import { useNativeCrypto } from '../src/crypto/native.ts';
import { signatureCases, unhex } from './vectors.ts';

const verdicts = () =>
  signatureCases().map(({ signature, message, publicKey }) =>
    verifyEd25519(unhex(signature), unhex(message), unhex(publicKey)),
  );
const native = verdicts();
useNativeCrypto(false);
process.stdout.write(JSON.stringify({ version: process.versions.node, native, portable: verdicts() }));
