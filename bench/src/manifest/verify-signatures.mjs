// node verify-signatures.mjs holdfast|noble COUNT: the verifier alone, over messages of 2.5 kB under one key.

import { generateKey, verifyEd25519 } from '@holdfast/manifest';
import * as noble from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

const [which, count] = [process.argv[2], Number(process.argv[3] ?? 500)];
noble.hashes.sha512 = sha512;
const verifiers = {
  holdfast: verifyEd25519,
  noble: (signature, message, key) => noble.verify(signature, message, key, { zip215: false }),
};
const verify = verifiers[which];
if (verify === undefined || !(count > 0)) {
  console.error('expected holdfast or noble, and a count');
  process.exit(2);
}
const privateKey = generateKey();
const signed = Array.from({ length: count }, (_, index) => {
  const message = new Uint8Array(2500).fill(index);
  return { message, signature: Uint8Array.from(privateKey.sign(message)) };
});
const started = performance.now();
for (const { message, signature } of signed) {
  if (!verify(signature, message, privateKey.publicKey.bytes))
    throw new Error('a sound signature was refused');
}
console.log(JSON.stringify({ which, count, msEach: (performance.now() - started) / count }));
