import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { workTreeAround } from '../src/repository/work-tree.ts';
import { execute, sandbox } from './support/holdfast.ts';

async function withRemote(url: string, name = 'origin') {
  await using box = await sandbox();
  await execute('git', ['init', '-q', '.'], box.folder, {});
  await execute('git', ['remote', 'add', name, url], box.folder, {});
  return { ...(await workTreeAround(box.folder)), root: undefined };
}

describe('the work tree', () => {
  it.each([
    ['https://github.com/acme/tides.git', 'github.com', 'acme/tides'],
    ['https://github.com/acme/tides', 'github.com', 'acme/tides'],
    ['https://x-access-token:s3cret@github.com/acme/tides.git', 'github.com', 'acme/tides'],
    ['git@github.com:acme/tides.git', 'github.com', 'acme/tides'],
    ['ssh://git@github.com:22/acme/tides.git', 'github.com', 'acme/tides'],
    ['git@git.example.org:acme/north.sea.git', 'git.example.org', 'acme/north.sea'],
  ])('knows %s', async (url, host, repository) => {
    expect(await withRemote(url)).toEqual({ host, repository, root: undefined });
  });

  it.each(['file:///srv/tides.git', '/srv/tides.git', '../tides.git'])(
    'does not make up a name for %s',
    async (url) => {
      expect(await withRemote(url)).toEqual({ root: undefined });
    },
  );

  it('is found from a folder inside, and from a linked work tree', async () => {
    await using box = await sandbox();
    const git = (...args: string[]) => execute('git', args, box.folder, { HOME: box.home });
    await git('init', '-q', 'main');
    await git('-C', 'main', 'remote', 'add', 'origin', 'https://github.com/acme/tides.git');
    await git(
      '-C',
      'main',
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'first',
    );
    await git('-C', 'main', 'worktree', 'add', '-q', '../linked');
    await mkdir(box.path('main/a/b'), { recursive: true });
    expect(await workTreeAround(box.path('main/a/b'))).toMatchObject({
      root: box.path('main'),
      repository: 'acme/tides',
    });
    expect(await workTreeAround(box.path('linked'))).toMatchObject({
      root: box.path('linked'),
      repository: 'acme/tides',
    });
  });

  it('is nothing outside of one', async () => {
    await using box = await sandbox();
    expect(await workTreeAround(box.folder)).toBeUndefined();
  });
});
