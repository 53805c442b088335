import { describe, expect, it } from 'vitest';
import type { ObjectSource, TreeEntry } from '../src/objects/object-source.ts';
import { listFiles } from '../src/snapshot/file-listing.ts';

/** Trees as an attacker can make them: what a folder holds depends on its depth alone. */
function trees(entriesAt: (depth: number) => readonly TreeEntry[]): ObjectSource {
  return {
    commit: async (id) => ({ id, tree: '0', parents: [] }),
    tree: async (id) => entriesAt(Number(id)),
    blobSize: async () => 0,
    blob: async () => new Uint8Array(),
  };
}

const folder = (name: string, id: number): TreeEntry => ({ mode: '040000', name, id: String(id) });

describe('folders made to be endless', () => {
  it('are refused where each names the next one twice: 60 objects, 2^60 folders, no file', async () => {
    let read = 0;
    const source = trees((depth) => {
      read += 1;
      return depth < 60 ? [folder('a', depth + 1), folder('b', depth + 1)] : [];
    });
    await expect(listFiles(source, 'c', [''])).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/^expected at most 100000 folders, got more: [ab/]+$/),
    });
    expect(read).toBeLessThanOrEqual(61);
  });

  it('are refused where their names are long, before many files repeat them', async () => {
    const source = trees((depth) => [folder('n'.repeat(600), depth + 1)]);
    await expect(listFiles(source, 'c', [''])).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('at most 1024 characters'),
    });
  });

  it('are refused where they go too deep, and no name of theirs can turn the log over', async () => {
    const source = trees((depth) => [folder('\u001b[2J\u202e', depth + 1)]);
    await expect(listFiles(source, 'c', [''])).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/^[\x20-\x7e…]+$/),
    });
  });
});
