import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateKey, sha256, verifyEd25519 } from '@holdfast/manifest';
import * as noble from '@noble/ed25519';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { verifyEd25519Async } from '../src/crypto/ed25519.ts';
import { useNativeCrypto } from '../src/crypto/native.ts';
import { bytes, key } from './sample.ts';
import { signatureCases, unhex, vectors } from './vectors.ts';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const engines = fileURLToPath(new URL('../../../engines', import.meta.url));

afterEach(() => useNativeCrypto(true));

describe.each([
  ['the runtime', true],
  ['noble', false],
])('by %s', (_, native) => {
  test.each(signatureCases())('$name', async ({ accepted, ...one }) => {
    useNativeCrypto(native);
    const [signature, message, publicKey] = [unhex(one.signature), unhex(one.message), unhex(one.publicKey)];
    expect(verifyEd25519(signature, message, publicKey)).toBe(accepted);
    expect(await verifyEd25519Async({ signature, message, publicKey })).toBe(accepted);
  });
});

test('without the checks on key and nonce the runtime and noble differ, and take what proves nothing', () => {
  const plain = (name: string) =>
    signatureCases().find((one) => one.name.startsWith(name)) ?? signatureCases()[0];
  const torsion = plain('R with a torsion component');
  const zero = plain('key: identity, R identity');
  if (torsion === undefined || zero === undefined) throw new Error('the vectors are not there');
  const byNoble = ({ signature, message, publicKey }: typeof torsion) =>
    noble.verify(unhex(signature), unhex(message), unhex(publicKey), { zip215: false });
  const byRuntime = ({ signature, message, publicKey }: typeof torsion) => {
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), unhex(publicKey)]);
    return verify(
      null,
      unhex(message),
      createPublicKey({ key: spki, format: 'der', type: 'spki' }),
      unhex(signature),
    );
  };
  verifyEd25519(unhex(torsion.signature), unhex(torsion.message), unhex(torsion.publicKey));
  expect([byNoble(torsion), byRuntime(torsion)]).toEqual([true, false]);
  expect(noble.verify(unhex(zero.signature), unhex(zero.message), unhex(zero.publicKey))).toBe(true);
});

test.each(['22', '24', '26'])(
  'Node %s gives the same verdicts by both ways',
  { tags: ['slow'] },
  async (version) => {
    const binary = version === '26' ? process.execPath : `${engines}/node-${version}/node_modules/.bin/node`;
    const { stdout } = await run(binary, [
      '--conditions=@holdfast/source',
      '--no-warnings',
      `${here}ed25519-child.ts`,
    ]);
    const seen = JSON.parse(stdout) as { version: string; native: boolean[]; portable: boolean[] };
    const expected = signatureCases().map(({ accepted }) => accepted);
    expect(seen.version.split('.')[0]).toBe(version);
    expect(seen.native).toEqual(expected);
    expect(seen.portable).toEqual(expected);
  },
);

test('signs as RFC 8032 does', () => {
  for (const { seed, message, signature, publicKey } of vectors<
    Record<'seed' | 'message' | 'signature' | 'publicKey', string>
  >('ed25519-rfc8032')) {
    const privateKey = generateKey(() => unhex(seed));
    expect(privateKey.publicKey.bytes).toEqual(unhex(publicKey));
    expect(Uint8Array.from(privateKey.sign(unhex(message)))).toEqual(unhex(signature));
  }
});

test('a changed bit anywhere is refused by both ways alike', () => {
  const signer = key(1);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(64 * 8 - 1),
      fc.boolean(),
      (message, bit, change) => {
        const signature = Uint8Array.from(signer.sign(message));
        const byte = bit >> 3;
        if (change) signature[byte] = (signature[byte] ?? 0) ^ (1 << (bit & 7));
        const verdicts = [true, false].map((native) => {
          useNativeCrypto(native);
          return verifyEd25519(signature, message, signer.publicKey.bytes);
        });
        expect(verdicts).toEqual([!change, !change]);
      },
    ),
    { numRuns: 40 },
  );
});

test('hashes are the same by both ways', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      const native = sha256(message);
      useNativeCrypto(false);
      const portable = sha256(message);
      useNativeCrypto(true);
      expect(Uint8Array.from(portable)).toEqual(Uint8Array.from(native));
    }),
  );
  expect(sha256(bytes('abc'))[0]).toBe(0xba);
});
