// @module-tag slow
import { checkChange, type DatasetFile, formatPublicKey, readManifest, sha256 } from '@holdfast/manifest';
import { type ManifestFile, signUnchecked, toHex } from '@holdfast/manifest/internal';
import { expect, test } from 'vitest';
import { rawCid } from '../src/manifest/cid.ts';
import { bytes, key, sample } from './sample.ts';

const alice = key(1);

function manyFiles(count: number): readonly DatasetFile[] {
  return Array.from({ length: count }, (_, index) => {
    const digest = sha256(bytes(String(index)));
    return {
      path: `data/${String(index).padStart(6, '0')}.csv`,
      size: 10,
      sha256: toHex(digest),
      cid: rawCid(digest),
    };
  });
}

/** Milliseconds of this process's own work: what else the machine does is not counted. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of three runs: noise adds and never takes away. */
function leastTime(work: () => void): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const started = cpuTime();
      work();
      return cpuTime() - started;
    }),
  );
}

test('a manifest of 10,000 files is read in half a second', () => {
  const manifest = sample({ dataset: { files: manyFiles(10_000), totalSize: 100_000 } });
  const text = bytes(JSON.stringify(signUnchecked(manifest, alice), null, 2));
  expect(leastTime(() => expect(readManifest(text, { maxBytes: 10_000_000 }).ok).toBe(true))).toBeLessThan(
    500,
  );
});

test('the work grows with the size, not with its square', () => {
  const time = (count: number) => {
    const text = bytes(
      JSON.stringify(sample({ dataset: { files: manyFiles(count), totalSize: 10 * count } })),
    );
    const broken = bytes(new TextDecoder().decode(text).replaceAll('"size":10', '"size":-1'));
    return leastTime(() => {
      readManifest(text, { maxBytes: 100_000_000 });
      readManifest(broken, { maxBytes: 100_000_000 });
    });
  };
  time(1000);
  expect(time(16_000) / time(2000)).toBeLessThan(8 * 3);
});

test('a change in a repository of 10,000 manifests is checked in seconds though all their bytes are new to it', async () => {
  const unchanged: ManifestFile[] = Array.from({ length: 10_000 }, (_, index) => ({
    path: `manifests/${index}.json`,
    bytes: bytes(JSON.stringify(sample({ dataset: { name: `dataset-${index}` } }))),
  }));
  const trustFiles = [{ path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) }];
  const added = { path: 'manifests/new.json', bytes: bytes(JSON.stringify(sample({ signers: [alice] }))) };
  const started = cpuTime();
  const report = await checkChange(
    { manifests: unchanged, trustFiles },
    { manifests: [...unchanged, added], trustFiles },
    { at: new Date(0), rootFromFiles: () => ({ cid: '' }) },
  );
  expect(report.ok, JSON.stringify(report.problems)).toBe(true);
  expect(cpuTime() - started).toBeLessThan(5000);
});

// Each of these once took from seconds to a minute, or overflowed the stack.
test.each([
  [
    'a string that is not closed, and a million brackets after its line',
    `["\n${'['.repeat(1_000_000)}`,
    'json/syntax',
  ],
  [
    '80,000 unknown keys',
    `{"dataset":{${Array.from({ length: 80_000 }, (_, index) => `"z${index}":1`).join()}}}`,
    'manifest/unknown-field',
  ],
])('a mebibyte made to be slow to explain: %s', (_, text, code) => {
  const started = cpuTime();
  const { problems } = readManifest(bytes(text));
  expect(problems.map((found) => found.code)).toContain(code);
  expect(cpuTime() - started).toBeLessThan(3000);
});

test('one bad blob under thousands of names is told of each name, and not a thousand times of each', async () => {
  const blob = bytes(`[${Array(1100).fill('1.5').join()}]`);
  const manifests = Array.from({ length: 2000 }, (_, index) => ({
    path: `manifests/${index}.json`,
    id: 'blob',
    bytes: blob,
  }));
  const { ok, changes, problems } = await checkChange(
    { manifests: [], trustFiles: [] },
    { manifests, trustFiles: [] },
    { at: new Date(0), rootFromFiles: () => ({ cid: '' }) },
  );
  expect(ok).toBe(false);
  expect(changes.every((change) => change.problems.some(({ severity }) => severity === 'error'))).toBe(true);
  expect(changes.at(-1)?.problems.map(({ code }) => code)).toEqual([
    ...Array(5).fill(expect.anything()),
    'json/more-problems',
  ]);
  expect(problems.length).toBeLessThan(40_000);
});

test('the first invalid byte is found among 300,000 replacement characters', () => {
  const text = new Uint8Array([...bytes(`\n${'\ufffd'.repeat(300_000)}`), 0xff, 0x41]);
  const started = cpuTime();
  expect(readManifest(text).problems).toMatchObject([{ code: 'json/not-utf-8', line: 2, column: 300_001 }]);
  expect(cpuTime() - started).toBeLessThan(2000);
});

test.each([
  ['a byte that begins nothing', [0x22, 0xff], 2],
  ['a character cut by another', [0x22, 0xe2, 0x82, 0x22], 2],
  ['a character cut by the end', [0x22, 0xf0, 0x9f, 0x98], 2],
  ['after a character of two units', [0xf0, 0x9f, 0x98, 0x80, 0x80], 3],
  ['a surrogate', [0x22, 0xed, 0xa0, 0x80], 2],
])('where UTF-8 ends: %s', (_, invalid, column) => {
  expect(readManifest(Uint8Array.from(invalid)).problems).toMatchObject([
    { code: 'json/not-utf-8', line: 1, column },
  ]);
});
