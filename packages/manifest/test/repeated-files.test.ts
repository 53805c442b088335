// @module-tag slow

import { checkChange, type DatasetFile, formatPublicKey, type Manifest } from '@holdfast/manifest';
import type { ManifestFile } from '@holdfast/manifest/internal';
import { describe, expect, test } from 'vitest';
import { bytes, json, key, sample } from './sample.ts';

const alice = key(1);
const trustFiles = [{ path: 'alice.pub', bytes: bytes(formatPublicKey(alice.publicKey)) }];
const count = 10_000;

/** One blob under many names, which says how often its bytes were asked for. */
function underManyNames(content: Uint8Array) {
  let reads = 0;
  const files: ManifestFile[] = Array.from({ length: count }, (_, index) => ({
    path: `manifests/${index}.json`,
    id: 'a'.repeat(40),
    bytes: () => {
      reads += 1;
      return content;
    },
  }));
  return { files, reads: () => reads };
}

async function check(base: readonly ManifestFile[], head: readonly ManifestFile[]) {
  let proofs = 0;
  const report = await checkChange(
    { manifests: base, trustFiles },
    { manifests: head, trustFiles },
    {
      at: new Date('2026-11-22'),
      rootFromFiles: () => {
        proofs += 1;
        return { cid: 'none' };
      },
    },
  );
  return { report, proofs };
}

const isError = ({ severity }: { severity: string }) => severity === 'error';
const faulty = bytes(`{ "dataset": { ${'"x": {}, '.repeat(20_000)} "y": 1 } }`);

describe('one blob under 10,000 names', () => {
  test('that is wrong is read a few times, and refused under each name', async () => {
    const { files, reads } = underManyNames(faulty);
    const { report } = await check([], files);
    expect(reads()).toBeLessThan(10);
    expect(report.changes).toHaveLength(count);
    for (const { problems, path } of report.changes) {
      expect(problems.some(isError)).toBe(true);
      expect(problems.every((found) => found.file === path)).toBe(true);
    }
  });

  test('that was merged and is deleted under each is read a few times', async () => {
    const { files, reads } = underManyNames(faulty);
    const { report } = await check(files, []);
    expect(reads()).toBeLessThan(10);
    expect(report.changes).toHaveLength(count);
  });

  test('that is sound is proved once, and refused under each name', async () => {
    const manifest: Manifest = await sample({
      dataset: {
        files: ['a', 'b'].map((path) => ({ ...(sampleFile as DatasetFile), path })),
        totalSize: 10,
      },
      signers: [alice],
    });
    const { files, reads } = underManyNames(json(manifest));
    const { report, proofs } = await check([], files);
    expect([reads() < 10, proofs]).toEqual([true, 1]);
    expect(report.changes).toHaveLength(count);
    for (const { problems } of report.changes)
      expect(problems.map(({ code }) => code)).toContain('change/duplicate-version');
  });
});

const [sampleFile] = (await sample()).dataset.files;
