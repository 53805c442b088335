import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import {
  canonicalize,
  importSshSignature,
  type Manifest,
  parsePublicKey,
  readManifest,
  signingPayload,
  signManifest,
  verifyEd25519,
  verifyManifest,
} from '@holdfast/manifest';
import {
  addSignature,
  armorSshSignature,
  formatSpki,
  fromBase64,
  preAuthEncoding,
  toBase64,
} from '@holdfast/manifest/internal';
import { dsse } from '@sigstore/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSshSignature, sshEquation } from '../src/signing/sshsig.ts';
import { bytes, json, key, sample } from './sample.ts';
import { vectorFile } from './vectors.ts';

const [alice, bob] = [key(1), key(2)];
const payloadType = 'application/vnd.holdfast.dataset.v1+json';
const codes = (manifest: Manifest, keys = [alice.publicKey]) =>
  verifyManifest(manifest, keys).signatures.map(({ ok, problem }) => (ok ? 'ok' : problem?.code));

test.each(['ed25519', 'sshsig'] as const)(
  '%s: signed, verified, and refused after any change',
  async (format) => {
    const manifest = sample();
    const signed = await signManifest(manifest, alice, { format });
    expect(manifest.signatures).toEqual([]);
    expect(codes(signed)).toEqual(['ok']);
    for (const patch of [
      { tier: 'critical' },
      { totalSize: 6 },
      { metadata: {} },
      { revision: 2 },
    ] as const) {
      expect(codes({ ...signed, dataset: { ...signed.dataset, ...patch } })).toEqual(['signature/invalid']);
    }
    expect(codes(signed, [bob.publicKey])).toEqual(['trust/unknown-key']);
  },
);

test('what was read cannot be changed, and a changed copy has a signature that fails', () => {
  const read = readManifest(json(sample({ signers: [alice] })));
  if (!read.ok) throw new Error('refused');
  expect(() => Object.assign(read.manifest.dataset, { tier: 'critical' })).toThrow(TypeError);
  expect(() => (read.manifest.dataset.files as unknown[]).pop()).toThrow(TypeError);
  expect(codes({ ...read.manifest, dataset: { ...read.manifest.dataset, tier: 'critical' } })).toEqual([
    'signature/invalid',
  ]);
  const heir = Object.create(read.manifest.dataset, { tier: { value: 'critical', enumerable: true } });
  expect(() => codes({ ...read.manifest, dataset: heir })).toThrow(
    expect.objectContaining({ code: 'canonical/not-json' }),
  );
});

test('a key signs once; a second signature takes the place of the first', async () => {
  const twice = await signManifest(sample({ signers: [alice, bob] }), alice, { format: 'sshsig' });
  expect(twice.signatures.map(({ keyid, format }) => [keyid, format])).toEqual([
    [bob.publicKey.keyid, 'ed25519'],
    [alice.publicKey.keyid, 'sshsig'],
  ]);
});

test('at most 16 signatures', async () => {
  const signers = Array.from({ length: 16 }, (_, index) => key(index));
  const full = sample({ signers });
  expect(full.signatures).toHaveLength(16);
  await expect(signManifest(full, key(99))).rejects.toThrow(
    expect.objectContaining({ code: 'signature/malformed' }),
  );
});

test('a signature of one format, key or manifest is none for another', async () => {
  const signed = sample({ signers: [alice] });
  const [signature] = signed.signatures;
  if (signature === undefined) throw new Error('not signed');
  const sshsig = (await signManifest(sample(), alice, { format: 'sshsig' })).signatures[0] ?? signature;
  const cases = [
    [{ ...signature, format: 'sshsig' as const }, 'signature/malformed'],
    [{ ...sshsig, format: 'ed25519' as const }, 'signature/malformed'],
    [{ ...signature, keyid: bob.publicKey.keyid }, 'signature/invalid'],
    [{ ...sshsig, keyid: bob.publicKey.keyid }, 'signature/keyid-mismatch'],
    [{ ...signature, signature: `${signature.signature}\n` }, 'signature/malformed'],
    [
      { ...signature, signature: toBase64(alice.sign(bytes(canonicalize(signed.dataset)))) },
      'signature/invalid',
    ],
    [
      {
        ...signature,
        signature: toBase64(
          alice.sign(
            preAuthEncoding('application/vnd.holdfast.policy.v1+json', bytes(canonicalize(signed.dataset))),
          ),
        ),
      },
      'signature/invalid',
    ],
  ] as const;
  for (const [altered, code] of cases) {
    expect(codes({ ...signed, signatures: [altered] }, [alice.publicKey, bob.publicKey])).toEqual([code]);
  }
});

test('a signature carries to an independent DSSE verifier, and one made there verifies here', async () => {
  const signed = sample({ signers: [alice] });
  const payload = Buffer.from(canonicalize(signed.dataset));
  const encoded = dsse.preAuthEncoding(payloadType, payload);
  expect(Uint8Array.from(encoded)).toEqual(signingPayload(signed.dataset));
  const signature = Buffer.from(signed.signatures[0]?.signature ?? '', 'base64');
  expect(verify(null, encoded, createPublicKey(formatSpki(alice.publicKey)), signature)).toBe(true);

  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: Buffer.from(bob.exportSeed()).toString('base64url'),
    x: Buffer.from(bob.publicKey.bytes).toString('base64url'),
  };
  const theirs = sign(null, encoded, createPrivateKey({ key: jwk, format: 'jwk' })).toString('base64');
  const both = addSignature(signed, { keyid: bob.publicKey.keyid, format: 'ed25519', signature: theirs });
  expect(codes(both, [alice.publicKey, bob.publicKey])).toEqual(['ok', 'ok']);
});

interface SshVector {
  readonly message: string;
  readonly publicKey: string;
  readonly cases: readonly {
    readonly name: string;
    readonly armored: string;
    readonly namespace: string;
    readonly accepted?: boolean;
    readonly code?: string;
  }[];
}
const ssh = vectorFile<SshVector>('sshsig');

test.each(ssh.cases)('sshsig of ssh-keygen: $name', ({ armored, namespace, accepted, code }) => {
  if (code !== undefined) {
    expect(() => importSshSignature(armored)).toThrow(expect.objectContaining({ code }));
    return;
  }
  const imported = importSshSignature(armored);
  expect(imported.keyid).toBe(parsePublicKey(ssh.publicKey).keyid);
  const blob = fromBase64(imported.signature) ?? new Uint8Array();
  expect(armorSshSignature(blob)).toBe(armored);
  const signed = readSshSignature(blob);
  const holds = (text: string) => {
    const { signature, message, publicKey } = sshEquation(signed, bytes(text));
    return signed.namespace === namespace && verifyEd25519(signature, message, publicKey);
  };
  expect(holds(ssh.message)).toBe(accepted);
  expect(holds(`${ssh.message} `)).toBe(false);
});

test('an sshsig blob with any byte changed, added or lost is refused', async () => {
  const signed = await signManifest(sample(), alice, { format: 'sshsig' });
  const [signature] = signed.signatures;
  const blob = fromBase64(signature?.signature ?? '');
  if (signature === undefined || blob === undefined) throw new Error('not signed');
  const changes = fc.oneof(
    fc
      .tuple(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, bits]) => blob.map((byte, index) => (index === at ? byte ^ bits : byte))),
    fc.nat(blob.length - 1).map((length) => blob.slice(0, length)),
    fc.uint8Array({ minLength: 1, maxLength: 8 }).map((more) => Uint8Array.from([...blob, ...more])),
  );
  fc.assert(
    fc.property(changes, (changed) => {
      const altered = { ...signed, signatures: [{ ...signature, signature: toBase64(changed) }] };
      expect(codes(altered)).not.toEqual(['ok']);
    }),
    { numRuns: 150 },
  );
});

test('base64 has one spelling', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (value) => {
      const text = toBase64(value);
      expect(text).toBe(Buffer.from(value).toString('base64'));
      expect(fromBase64(text)).toEqual(value);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQZagz059+/=-_ \n') }), (text) => {
      const value = fromBase64(text);
      if (value !== undefined) expect(toBase64(value)).toBe(text);
    }),
  );
});
