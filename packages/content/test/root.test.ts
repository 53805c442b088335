import { sha256 } from '@holdfast/manifest/sha256';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint } from '../../manifest/test/code-point.ts';
import { byteOrder } from '../src/dag/byte-order.ts';
import { cidText } from '../src/dag/link-cid.ts';
import type { ProfileName } from '../src/profile.ts';
import { type RootFile, rootFromFiles } from '../src/root.ts';

const emptyFolder = 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354';

function file(path: string, size = 10, codec: 'raw' | 'dag-pb' = 'raw'): RootFile {
  return { path, size, cid: cidText(codec, sha256(new TextEncoder().encode(path))) };
}

describe('rootFromFiles', () => {
  it('gives the well-known CID of the empty folder', () => {
    expect(rootFromFiles([], 'unixfs-v1-2025')).toEqual({ cid: emptyFolder, dagSize: 4 });
    expect(rootFromFiles([], 'unixfs-v0-2015').cid).toBe(emptyFolder);
  });

  it('does not depend on the order of the list', () => {
    const paths = fc.uniqueArray(fc.stringMatching(/^[a-c]{1,3}(\/[d-f]{1,3}){0,2}$/), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(paths, (each) => {
        const files = each
          .filter((path) => !each.some((other) => other.startsWith(`${path}/`)))
          .map((path) => file(path));
        expect(rootFromFiles(files.toReversed())).toEqual(rootFromFiles(files));
      }),
    );
  });

  it('takes a CIDv0 for the same block as its CIDv1', () => {
    const v0 = { path: 'f', size: 10, cid: 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH' };
    const v1 = { ...v0, cid: 'bafybeif7ztnhq65lumvvtr4ekcwd2ifwgm3awq4zfr3srh462rwyinlb4y' };
    expect(rootFromFiles([v0], 'unixfs-v0-2015')).toEqual(rootFromFiles([v1], 'unixfs-v0-2015'));
  });

  it.each(['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'a\0b', '\ud800'])('refuses the path %j', (path) => {
    expect(() => rootFromFiles([file(path)])).toThrow(expect.objectContaining({ code: 'path-invalid' }));
  });

  it('refuses a path deeper than any file system has', () => {
    const deep = (segments: number): RootFile => file(`${'d/'.repeat(segments - 1)}f`);
    expect(() => rootFromFiles([deep(1025)])).toThrow(expect.objectContaining({ code: 'path-invalid' }));
    expect(rootFromFiles([deep(1024)]).cid).toMatch(/^bafybei/);
  });

  it.each([
    ['a path twice', [file('a'), file('a')]],
    ['a file where a folder is', [file('a/b'), file('a')]],
    ['a folder where a file is', [file('a'), file('a/b')]],
  ])('refuses %s', (_, files) => {
    expect(() => rootFromFiles(files)).toThrow(expect.objectContaining({ code: 'path-conflict' }));
  });

  it('refuses a CID that the size cannot have under the profile', () => {
    const big = 2_000_000;
    const wrong: [ProfileName, RootFile][] = [
      ['unixfs-v1-2025', file('f', big, 'raw')],
      ['unixfs-v1-2025', file('f', 10, 'dag-pb')],
      ['unixfs-v0-2015', file('f', 10, 'raw')],
    ];
    for (const [profile, each] of wrong) {
      expect(() => rootFromFiles([each], profile)).toThrow(
        expect.objectContaining({ code: 'profile-mismatch' }),
      );
    }
  });

  it.each([
    'bafyaaaa',
    'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku=',
    'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv',
    'BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU',
    'bafkqaaa',
    'bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua',
  ])('refuses the CID %s', (cid) => {
    expect(() => rootFromFiles([{ path: 'f', size: 0, cid }])).toThrow(
      expect.objectContaining({ code: 'cid-invalid' }),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the size %d', (size) => {
    expect(() => rootFromFiles([file('f', size)])).toThrow(expect.objectContaining({ code: 'size-invalid' }));
  });

  it('refuses a profile it does not know', () => {
    const profile = 'custom' as ProfileName;
    expect(() => rootFromFiles([], profile)).toThrow(expect.objectContaining({ code: 'profile-unknown' }));
    expect(() => rootFromFiles([], 'constructor' as ProfileName)).toThrow(
      expect.objectContaining({ code: 'profile-unknown' }),
    );
  });
});

it('orders names by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: codePoint, maxLength: 5 }),
      fc.string({ unit: codePoint, maxLength: 5 }),
      (a, b) => {
        expect(Math.sign(byteOrder(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      },
    ),
  );
});
