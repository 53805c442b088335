import { describe, expect, it } from 'vitest';
import type { ObjectSource, TreeEntry } from '../src/objects/object-source.ts';
import { fileAt } from '../src/snapshot/file-at.ts';

const text = new TextEncoder().encode('{"targets":[]}');
const top: readonly TreeEntry[] = [
  { mode: '040000', name: '.holdfast', id: 'folder' },
  { mode: '120000', name: 'link.json', id: 'blob' },
];
const source: ObjectSource = {
  commit: async (id) => ({ id, tree: 'top', parents: [] }),
  tree: async (id) => (id === 'top' ? top : [{ mode: '100644', name: 'targets.json', id: 'blob' }]),
  blobSize: async () => text.length,
  blob: async () => text,
};

describe('a file of a commit', () => {
  it('is read whole, however its path is written', async () => {
    expect(await fileAt(source, 'c', '.holdfast/targets.json', 100)).toBe(text);
    expect(await fileAt(source, 'c', './.holdfast/targets.json', 100)).toBe(text);
  });

  it('that is not there is none, and so is one below a folder of its name', async () => {
    expect(await fileAt(source, 'c', 'targets.json', 100)).toBeUndefined();
    expect(await fileAt(source, 'c', '.holdfast', 100)).toBeUndefined();
  });

  it('that is a link, or too large, is refused', async () => {
    await expect(fileAt(source, 'c', 'link.json', 100)).rejects.toMatchObject({
      code: 'object-malformed',
      message: 'link.json expected a file, got a link or a submodule',
    });
    await expect(fileAt(source, 'c', '.holdfast/targets.json', 3)).rejects.toMatchObject({
      code: 'too-large',
      message: '.holdfast/targets.json expected at most 3 bytes, got 14',
    });
  });
});
