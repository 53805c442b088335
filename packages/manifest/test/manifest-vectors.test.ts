import { canonicalize, Manifest, parsePublicKey, readManifest, verifyManifest } from '@holdfast/manifest';
import { cidV1, parseCid } from '@holdfast/manifest/internal';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { toHex } from '../src/crypto/hex.ts';
import { cidProblem, encodeCid, holdsSha256, rawCid } from '../src/manifest/cid.ts';
import { comparePaths, pathProblem } from '../src/manifest/file-path.ts';
import { codePoint } from './code-point.ts';
import { bytes } from './sample.ts';
import { vectorFile, vectors } from './vectors.ts';

interface GoodCase {
  readonly name: string;
  readonly text: string;
  readonly canonicalDataset: string;
  readonly digest: string;
}

const { signers } = vectorFile<{ signers: string[] }>('manifests');

test.each(vectors<GoodCase>('manifests'))('a manifest: $name', ({ text, canonicalDataset, digest }) => {
  const read = readManifest(bytes(text));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(read.digest).toBe(digest);
  expect(canonicalize(read.manifest.dataset)).toBe(canonicalDataset);
  expect(JSON.stringify(read.manifest, null, 2)).toBe(text.trimEnd());
  const keys = signers.map((line) => parsePublicKey(line));
  const { ok, signatures } = verifyManifest(read.manifest, keys);
  expect(signatures.every(({ ok }) => ok)).toBe(true);
  expect(ok).toBe(signatures.length > 0);
});

interface HostileCase {
  readonly name: string;
  readonly text?: string;
  readonly base64?: string;
  readonly codes: readonly string[];
}

test.each(vectors<HostileCase>('hostile-manifests'))('refused: $name', ({ text, base64, codes }) => {
  const read = readManifest(text === undefined ? Buffer.from(base64 ?? '', 'base64') : bytes(text), {
    file: 'm.json',
  });
  expect(read.ok).toBe(false);
  expect(read.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(
    expect.arrayContaining([...codes]),
  );
  for (const found of read.problems) {
    expect(found).toMatchObject({
      file: 'm.json',
      line: expect.any(Number),
      column: expect.any(Number),
      hint: expect.any(String),
    });
    expect(`${found.message}${found.hint}`).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(found.message.length).toBeLessThan(420);
  }
});

describe('CIDs', () => {
  test.each(vectors<{ name: string; cid: string; accepted: boolean; hint?: string }>('cids'))(
    '$name',
    ({ cid, accepted, hint }) => {
      const fault = cidProblem(cid);
      expect(fault === undefined).toBe(accepted);
      expect(parseCid(cid) !== undefined).toBe(accepted);
      if (hint !== undefined) expect(fault?.hint).toBe(hint);
    },
  );

  test('are read as multiformats reads them, in one spelling', () => {
    const codes = fc.constantFrom(0x55, 0x70, 0x71, 0x0129, 0);
    const hashes = fc.constantFrom(0, 0x12, 0x13, 0x1e, 0x11, 0xb220);
    const parts = fc.tuple(
      fc.constantFrom(0, 1, 2),
      codes,
      hashes,
      fc.uint8Array({ minLength: 0, maxLength: 64 }),
    );
    fc.assert(
      fc.property(parts, fc.option(fc.nat(100)), ([version, codec, hash, digest], change) => {
        const text = encodeCid(
          Uint8Array.of(version, ...varint(codec), ...varint(hash), digest.length, ...digest),
        );
        const changed = change === null ? text : text.slice(0, change) + text.slice(change + 1);
        const known = attempt(() => CID.parse(changed));
        const canonical =
          known?.version === 1 && attempt(() => CID.decode(known.bytes).toString()) === changed;
        if (cidProblem(changed) === undefined) {
          expect(canonical).toBe(true);
          expect(parseCid(changed)?.digest).toEqual(known?.multihash.digest);
        } else if (canonical && known !== undefined) {
          const { code, multihash } = known;
          const wanted = [0x13, 0x14].includes(multihash.code) ? 64 : 32;
          const safe =
            [0x12, 0x13, 0x14, 0x16, 0x1e, 0xb220].includes(multihash.code) &&
            multihash.digest.length === wanted;
          expect([0x55, 0x70].includes(code) && safe).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('of raw blocks are told by their digest, and CIDv0 is converted as multiformats does', () => {
    const digests = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(digests, fc.nat(63), (digest, position) => {
        const [cid, hex] = [rawCid(digest), toHex(digest)];
        expect(holdsSha256(cid, hex)).toBe(true);
        const other = hex.slice(0, position) + (hex[position] === '0' ? '1' : '0') + hex.slice(position + 1);
        expect(holdsSha256(cid, other)).toBe(false);
        const known = CID.createV0({
          code: 0x12,
          size: 32,
          digest,
          bytes: Uint8Array.of(0x12, 32, ...digest),
        });
        expect(cidV1(known.toString())).toBe(known.toV1().toString());
      }),
    );
  });
});

test.each(vectors<{ name: string; origin: string; accepted: boolean }>('origins'))(
  'origin: $name',
  ({ origin, accepted }) => {
    const [{ text = '' } = {}] = vectors<GoodCase>('manifests');
    const { dataset, signatures } = JSON.parse(text);
    const manifest = { dataset: { ...dataset, origins: [origin] }, signatures };
    expect(Manifest.safeParse(manifest).success).toBe(accepted);
  },
);

test.each(vectors<{ name: string; path: string; accepted: boolean }>('paths'))(
  'path: $name',
  ({ path, accepted }) => {
    expect(pathProblem(path) === undefined).toBe(accepted);
  },
);

test('paths are in the order of their UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: codePoint }), fc.string({ unit: codePoint }), (a, b) => {
      fc.pre(a.isWellFormed() && b.isWellFormed());
      expect(Math.sign(comparePaths(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
