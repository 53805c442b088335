import {
  checkChange,
  formatPublicKey,
  type Manifest,
  type ManifestFile,
  readManifest,
  sha256,
  signManifest,
  toHex,
} from '@holdfast/manifest';
import { expect, test } from 'vitest';
import { rawCid } from '../src/manifest/cid.ts';
import { bytes, key, sample } from './sample.ts';

const alice = key(1);

function manyFiles(count: number): Manifest['dataset']['files'] {
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
  const text = bytes(JSON.stringify(signManifest(manifest, { privateKey: alice }), null, 2));
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

test('a change in a repository of 10,000 manifests is checked in seconds though all their bytes are new to it', () => {
  const unchanged: ManifestFile[] = Array.from({ length: 10_000 }, (_, index) => ({
    path: `manifests/${index}.json`,
    bytes: bytes(JSON.stringify(sample({ dataset: { name: `dataset-${index}` } }))),
  }));
  const trustFiles = [{ path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) }];
  const added = { path: 'manifests/new.json', bytes: bytes(JSON.stringify(sample({ signers: [alice] }))) };
  const started = cpuTime();
  const report = checkChange(
    { manifests: unchanged, trustFiles },
    { manifests: [...unchanged, added], trustFiles },
    { at: new Date(0), rootFromFiles: () => ({ cid: '' }) },
  );
  expect(report.ok, JSON.stringify(report.problems)).toBe(true);
  expect(cpuTime() - started).toBeLessThan(5000);
});
