// node verify-signatures.mjs holdfast|noble|native COUNT: the verifier alone, over messages of 2.5 kB under one key.
import { createHash, createPublicKey, verify as verifyNatively } from 'node:crypto';
import { generateKey, verifyEd25519 } from '@holdfast/manifest';
import * as noble from '@noble/ed25519';

const [which, count] = [process.argv[2], Number(process.argv[3])];
const sha512 = (bytes) => createHash('sha512').update(bytes).digest();
noble.hashes.sha512 = (bytes) => Uint8Array.from(sha512(bytes));
const verifiers = {
  holdfast: () => verifyEd25519,
  noble: () => (signature, message, key) => noble.verify(signature, message, key, { zip215: false }),
  // The key is made once, as a program that knows no better than the manual would do it.
  native: (key) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    return (signature, message) => verifyNatively(null, message, publicKey, signature);
  },
};
const make = verifiers[which];
if (make === undefined || !(count > 0)) {
  console.error('expected holdfast, noble or native, and a count');
  process.exit(2);
}
const privateKey = generateKey((length) => new Uint8Array(length).fill(7));
const publicKey = privateKey.publicKey.bytes;
/** Every tenth signature is of another message. */
const signed = Array.from({ length: count }, (_, index) => {
  const message = new Uint8Array(2500).fill(index);
  const signature = Uint8Array.from(privateKey.sign(message));
  if (index % 10 === 9) message[0] = index ^ 1;
  return { message, signature };
});
const verify = make(publicKey);
for (const { message, signature } of signed.slice(0, 50)) verify(signature, message, publicKey);
let accepted = 0;
const started = performance.now();
for (const { message, signature } of signed) if (verify(signature, message, publicKey)) accepted++;
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ accepted, seconds }));
