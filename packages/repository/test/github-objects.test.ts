import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { firstOf, GitHubObjects, type ObjectSource } from '../src/index.ts';

const idOf = (text: string) => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
const id = idOf('tides');
const blob = { content: Buffer.from('tides').toString('base64'), encoding: 'base64', size: 5 };
const from = (answers: Readonly<Record<string, unknown>>) =>
  new GitHubObjects('o/r', async (path) => answers[path]);

describe('objects through the API', () => {
  it('are read by id', async () => {
    const objects = from({
      [`/repos/o/r/git/commits/${id}`]: { tree: { sha: 'b'.repeat(40) }, parents: [{ sha: 'c'.repeat(40) }] },
      [`/repos/o/r/git/trees/${id}`]: {
        truncated: false,
        tree: [{ path: 'a', mode: '100644', sha: id, size: 5 }],
      },
      [`/repos/o/r/git/blobs/${id}`]: blob,
    });
    expect(await objects.commit(id)).toEqual({ id, tree: 'b'.repeat(40), parents: ['c'.repeat(40)] });
    expect(await objects.tree(id)).toEqual([{ mode: '100644', name: 'a', id }]);
    expect(await objects.blobSize(id)).toBe(5);
    expect(Buffer.from((await objects.blob(id, 5)) ?? []).toString()).toBe('tides');
    await expect(objects.blob(id, 4)).rejects.toMatchObject({ code: 'too-large' });
    expect(await objects.commit('d'.repeat(40))).toBeUndefined();
  });

  it.each([
    ['bytes that have another id', { ...blob, content: Buffer.from('waves').toString('base64') }],
    ['another encoding', { ...blob, encoding: 'utf-8' }],
    ['no content', { size: 5 }],
  ])('are not believed: %s', async (_, answer) => {
    await expect(from({ [`/repos/o/r/git/blobs/${id}`]: answer }).blob(id, 100)).rejects.toMatchObject({
      code: 'api-failed',
    });
  });

  it.each([
    ['half a folder', { truncated: true, tree: [] }],
    ['no word on whether it is whole', { tree: [] }],
    ['an unknown mode', { truncated: false, tree: [{ path: 'a', mode: '777', sha: id }] }],
    ['no id', { truncated: false, tree: [{ path: 'a', mode: '100644', sha: '../x' }] }],
  ])('are not guessed: %s', async (_, answer) => {
    await expect(from({ [`/repos/o/r/git/trees/${id}`]: answer }).tree(id)).rejects.toMatchObject({
      code: 'api-failed',
    });
  });

  it('keep odd names apart', async () => {
    const tree = ['..', 'a/b', '.Git', ''].map((path) => ({ path, mode: '100644', sha: id }));
    const entries = await from({ [`/repos/o/r/git/trees/${id}`]: { truncated: false, tree } }).tree(id);
    expect(entries?.map(({ odd }) => odd)).toEqual([true, true, true, true]);
  });

  it('refuse a repository or an id that would be another path', async () => {
    expect(() => new GitHubObjects('o/r/../x', async () => undefined)).toThrow(TypeError);
    await expect(from({}).commit('../../user')).rejects.toThrow(TypeError);
  });

  it('are asked for a few at a time', async () => {
    let [running, most] = [0, 0];
    const objects = new GitHubObjects('o/r', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      return undefined;
    });
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => objects.commit(index.toString(16).padStart(40, '0'))),
    );
    expect(most).toBe(8);
  });
});

it('sources are asked in turn', async () => {
  const none: ObjectSource = {
    commit: async () => undefined,
    tree: async () => undefined,
    blobSize: async () => undefined,
    blob: async () => undefined,
  };
  const second = { ...none, blobSize: async () => 5 };
  expect(await firstOf(none, second).blobSize(id)).toBe(5);
  expect(await firstOf(none, none).blobSize(id)).toBeUndefined();
});
