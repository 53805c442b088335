import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitRepository, type TestRepository } from '../src/index.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await gitRepository();
});
afterEach(() => repository.remove());

describe('gitRepository', () => {
  it('makes the same commits every time', async () => {
    await repository.write({ 'a.txt': 'a' });
    const first = await repository.commit('Add a');
    await using other = await gitRepository();
    await other.write({ 'a.txt': 'a' });
    expect(await other.commit('Add a')).toBe(first);
    await other.write({ 'a.txt': 'b' });
    expect(await other.commit('Change a')).not.toBe(first);
  });

  it('holds executables, links, submodules and hostile names as Git does', async () => {
    const hostile = ['-rf', 'a"b', 'line\nbreak', 'tab\there', ':(glob)x', 'ü', 'sp ace', '$(touch x)'];
    await repository.write({
      run: { executable: '#!/bin/sh\n' },
      link: { symlink: '../outside' },
      other: { submodule: '1'.repeat(40) },
      gone: 'x',
      ...Object.fromEntries(hostile.map((name) => [`names/${name}`, name])),
    });
    await repository.write({ gone: null });
    await repository.commit();
    const listed = (await repository.git('ls-tree', '-r', '-z', 'HEAD')).split('\0').filter(Boolean);
    const modes = new Map(listed.map((line) => [line.split('\t').slice(1).join('\t'), line.slice(0, 6)]));
    expect(Object.fromEntries(modes)).toEqual({
      run: '100755',
      link: '120000',
      other: '160000',
      ...Object.fromEntries(hostile.map((name) => [`names/${name}`, '100644'])),
    });
  });

  it('commits trees that Git itself would refuse to make', async () => {
    await repository.write({ a: 'a' });
    const parent = await repository.commit();
    const commit = await repository.commitRaw([
      { path: 'x/../escape', content: 'out' },
      { path: 'x/.git/config', content: '[core]' },
      { path: 'same', content: '1' },
      { path: 'same', content: '2' },
      { path: 'odd', content: 'o', mode: '100664' },
    ]);
    expect(await repository.resolve('HEAD^')).toBe(parent);
    const names = await repository.git('ls-tree', '-r', '--name-only', commit);
    expect(names.split('\n')).toEqual(['odd', 'same', 'same', 'x/../escape', 'x/.git/config']);
  });

  it('clones one commit deep and gives any other commit to who asks for it by name', async () => {
    await repository.write({ a: '1' });
    const first = await repository.commit();
    await repository.write({ a: '2' });
    const second = await repository.commit();
    await repository.push();
    const clone = await repository.shallowClone();
    expect(await clone.resolve('HEAD')).toBe(second);
    await expect(clone.resolve(first)).rejects.toThrow('git rev-parse');
    await clone.git('fetch', '--quiet', '--depth=1', 'origin', first);
    expect(await clone.resolve(first)).toBe(first);
    const whole = await repository.clone({ depth: Infinity });
    expect(await whole.git('rev-list', '--count', 'HEAD')).toBe('2');
  });

  it('keeps a pull request as GitHub does: the checked out commit is the test merge', async () => {
    await repository.write({ a: '1' });
    const base = await repository.commit();
    await repository.branch('topic');
    await repository.write({ b: '1' });
    const head = await repository.commit();
    await repository.switch('main');
    const request = await repository.pullRequest('topic', { number: 7 });
    expect(request).toMatchObject({ number: 7, base, head });
    expect(await repository.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
    const clone = await repository.clone({ ref: 'refs/pull/7/merge' });
    expect(await clone.resolve('HEAD')).toBe(request.merge);
    expect(readFileSync(join(clone.path, 'b'), 'utf8')).toBe('1');
    expect(await repository.git('rev-parse', `${request.merge}^1`, `${request.merge}^2`)).toBe(
      `${base}\n${head}`,
    );
  });

  it('refuses a push that is not a fast forward, unless forced', async () => {
    await repository.write({ a: '1' });
    await repository.commit();
    await repository.push();
    await repository.git('commit', '--quiet', '--amend', '--message', 'Other');
    await expect(repository.push()).rejects.toThrow('git push');
    await repository.push({ force: true });
    const clone = await repository.shallowClone();
    expect(await clone.git('log', '--format=%s')).toBe('Other');
  });

  it('merges, and removes all it made', async () => {
    await repository.write({ a: '1' });
    await repository.commit();
    await repository.branch('topic');
    await repository.write({ b: { symlink: 'a' } });
    const head = await repository.commit();
    await repository.switch('main');
    await repository.merge('topic');
    expect(await repository.git('rev-parse', 'HEAD^2')).toBe(head);
    expect(lstatSync(join(repository.path, 'b')).isSymbolicLink()).toBe(true);
    await repository.remove();
    expect(() => lstatSync(repository.path)).toThrow('ENOENT');
  });
});
