import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFiles, summarizeFiles } from '../src/internal.ts';
import type { DatasetFile } from '../src/manifest/manifest.ts';

const file = (path: string, content: string, size = content.length): DatasetFile => ({
  path,
  size,
  sha256: content,
  cid: content,
});
const sorted = (files: readonly DatasetFile[]) =>
  [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
const summary = (
  before: readonly DatasetFile[],
  after: readonly DatasetFile[],
  options: Parameters<typeof summarizeFiles>[1] = {},
) => summarizeFiles(compareFiles(sorted(before), sorted(after)), options);

describe('a summary of two lists', () => {
  it('counts what was added, removed, changed and moved, with their bytes', async () => {
    const { total, files, hidden } = await summary(
      [file('a', 'one'), file('b', 'gone'), file('c', 'same'), file('d/e', 'moving')],
      [file('a', 'three'), file('c', 'same'), file('f/e', 'moving'), file('g', 'new')],
    );
    expect(total).toEqual({
      added: { files: 1, bytes: 3 },
      removed: { files: 1, bytes: 4 },
      changed: { files: 1, bytes: 2 },
      moved: { files: 1, bytes: 6 },
    });
    expect(files).toEqual([
      { kind: 'changed', path: 'a', size: 5, was: 3 },
      { kind: 'removed', path: 'b', size: 4 },
      { kind: 'moved', path: 'f/e', from: 'd/e', size: 6 },
      { kind: 'added', path: 'g', size: 3 },
    ]);
    expect(hidden).toBe(0);
  });

  it('sees a move in either direction, and a copy as added', async () => {
    const up = await summary([file('z', 'x')], [file('a', 'x')]);
    expect(up.files).toEqual([{ kind: 'moved', path: 'a', from: 'z', size: 1 }]);
    const copied = await summary([file('a', 'x')], [file('a', 'x'), file('b', 'x')]);
    expect(copied.files).toEqual([{ kind: 'added', path: 'b', size: 1 }]);
  });

  it('joins folders into their parents where there are too many', async () => {
    const after = Array.from({ length: 50 }, (_, index) => file(`data/${index}/x`, `${index}`));
    const { folders } = await summary([], [...after, file('README', 'r')], { maxFolders: 5 });
    expect(folders.map(({ folder, below, added }) => [folder, below, added.files])).toEqual([
      ['', 0, 1],
      ['data', 50, 50],
    ]);
  });

  it('keeps the largest folders of the top, and counts the others in one row', async () => {
    const after = Array.from({ length: 50 }, (_, index) => file(`${index}/x`, `${index}`));
    const { folders } = await summary([], [...after, file('7/y', 'y')], { maxFolders: 3 });
    expect(folders.map(({ folder, beside, added }) => [folder, beside, added.files])).toEqual([
      ['0', 0, 1],
      ['7', 0, 2],
      ['', 48, 48],
    ]);
  });

  it('looks for no moves beyond a limit, and lists no more files than it may', async () => {
    const before = [file('a', '1'), file('b', '2'), file('c', '3')];
    const after = [file('x', '3'), file('y', '2'), file('z', '1')];
    const { total, files, hidden } = await summary(before, after, { maxPaired: 2, maxFiles: 2 });
    expect([total.moved.files, total.added.files, total.removed.files]).toEqual([2, 1, 1]);
    expect(files.map(({ path }) => path)).toEqual(['c', 'x']);
    expect(hidden).toBe(2);
  });

  it('adds up, whatever the lists are', async () => {
    const list = fc
      .dictionary(fc.stringMatching(/^[abc](\/[abc]){0,3}$/), fc.stringMatching(/^[xyz]{0,2}$/))
      .map((all) => Object.entries(all).map(([path, content]) => file(path, content)));
    await fc.assert(
      fc.asyncProperty(list, list, fc.integer({ min: 1, max: 4 }), async (before, after, maxFolders) => {
        const { total, folders, files } = await summary(before, after, { maxFolders });
        const size = (all: readonly DatasetFile[]) => all.reduce((sum, one) => sum + one.size, 0);
        expect(total.added.files - total.removed.files).toBe(after.length - before.length);
        expect(total.added.bytes - total.removed.bytes + total.changed.bytes).toBe(
          size(after) - size(before),
        );
        expect(folders.length).toBeLessThanOrEqual(maxFolders);
        for (const kind of ['added', 'removed', 'changed', 'moved'] as const)
          expect(folders.reduce((sum, folder) => sum + folder[kind].files, 0)).toBe(total[kind].files);
        expect(files).toHaveLength(
          total.added.files + total.removed.files + total.changed.files + total.moved.files,
        );
      }),
    );
  });
});
