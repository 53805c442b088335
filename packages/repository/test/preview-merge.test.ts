import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitRepository, type TestRepository } from '@holdfast/testkit';
import { describe, expect, it } from 'vitest';
import { openRepository, previewMerge } from '../src/index.ts';

/** Two branches that changed the same line, and one that did not. */
async function branches(): Promise<{
  repository: TestRepository;
  main: string;
  side: string;
  other: string;
}> {
  const repository = await gitRepository();
  await repository.write({
    '.gitattributes': '*.json merge=evil filter=evil\n',
    'a.json': 'a\n',
    'b.json': 'b\n',
  });
  await repository.commit('one');
  await repository.branch('side');
  await repository.write({ 'a.json': 'side\n' });
  const side = await repository.commit('side');
  await repository.branch('other', 'main');
  await repository.write({ 'b.json': 'other\n' });
  const other = await repository.commit('other');
  await repository.switch('main');
  await repository.write({ 'a.json': 'main\n' });
  const main = await repository.commit('main');
  return { repository, main, side, other };
}

describe('the preview of a merge', () => {
  it('is a commit with both changes, in a linked work tree too', async () => {
    const { repository, main, other } = await branches();
    await using _ = repository;
    await repository.git('worktree', 'add', '-q', '--detach', 'linked');
    for (const path of [repository.path, join(repository.path, 'linked')]) {
      const merged = (await previewMerge(path, main, other)) ?? '';
      await using clone = await openRepository(path);
      expect((await clone.commit(merged))?.parents).toEqual([main, other]);
      expect(await repository.git('show', `${merged}:a.json`)).toBe('main');
      expect(await repository.git('show', `${merged}:b.json`)).toBe('other');
    }
  });

  it('finds the common commit in a shallow clone', async () => {
    const { repository, main, other } = await branches();
    await using _ = repository;
    await repository.push({ refs: ['main', 'other'] });
    const clone = await repository.clone({ depth: 2, ref: 'main' });
    await clone.git('fetch', '-q', '--depth=2', 'origin', 'other');
    expect(await previewMerge(clone.path, main, other)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is absent where the branches conflict', async () => {
    const { repository, main, side } = await branches();
    await using _ = repository;
    expect(await previewMerge(repository.path, main, side)).toBeUndefined();
  });

  it.each<[string, (script: string) => readonly (readonly [string, string])[]]>([
    ['a merge driver', (script) => [['merge.evil.driver', `${script} %A %O %B`]]],
    [
      'a driver for every file',
      (script) => [
        ['merge.default', 'other'],
        ['merge.other.driver', script],
      ],
    ],
    [
      'a filter that normalizes',
      (script) => [
        ['merge.renormalize', 'true'],
        ['filter.evil.clean', script],
        ['filter.evil.smudge', script],
      ],
    ],
  ])('runs no program that the config of the clone names: %s', async (_name, settings) => {
    const { repository, main, side } = await branches();
    await using _ = repository;
    const mark = join(repository.path, 'ran');
    const script = join(repository.path, 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
    for (const [name, value] of settings(script)) await repository.git('config', name, value);
    if (_name.includes('every')) await repository.write({ '.gitattributes': '' });
    // The attack works where nothing guards against it.
    await repository.git('merge-tree', '--write-tree', main, side).catch(() => undefined);
    expect(existsSync(mark)).toBe(true);
    rmSync(mark);
    // GitHub runs no such program either, so the branches conflict there.
    expect(await previewMerge(repository.path, main, side)).toBeUndefined();
    expect(existsSync(mark)).toBe(false);
  });
});
